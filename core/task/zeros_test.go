package task

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

// spreadsheet is what a spreadsheet makes of an answer that it takes for a number of few enough
// digits.
func spreadsheet(answer string) string {
	if n, err := strconv.ParseUint(answer, 10, 64); err == nil && len(answer) <= 15 {
		return fmt.Sprint(n)
	}
	return answer
}

// Demonstrations of every task and in every style come out of a spreadsheet as they went in, or are
// refused in the line of the first that has lost its zeros, with what it was.
func TestAnswersThroughASpreadsheet(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		for _, style := range k.styles() {
			text, lost := "prompt,answer\n", ""
			for i, p := range k.TrainPrompts(5, 300) {
				r := num.NewRand(4, "demonstrate", k.Name, uint64(i))
				answer := k.Demonstrate(&r, p, style)
				left := spreadsheet(answer)
				if text += p.Prompt + "," + left + "\n"; lost == "" && left != answer {
					lost = fmt.Sprintf(`mine.csv:%d: answer: `,
						i+2) + "*" + answer + " was expected"
				}
			}
			_, err := k.ReadData("mine.csv", text)
			line, was, _ := strings.Cut(lost, "*")
			if said := fmt.Sprint(err); (err == nil) != (lost == "") ||
				err != nil && !(strings.Contains(said, line) && strings.Contains(said, was) &&
					strings.Contains(said, "leading zeros")) {
				t.Errorf("style %v: %v, want %s", style.Changed(), err, lost)
			}
		}
	})
}

// What may be meant is taken as it is: a right answer with the steps left out or wrong, in a file
// that no spreadsheet has changed, or from which nothing can be told.
func TestShortAnswersThatMayBeMeant(t *testing.T) {
	// whose expert writes 1366 for A1230=, 0011 for A0J10= and 0356 for A0321=
	cards := mustLookup(t, "cards")
	const refused = `mine.csv:3: answer: a spreadsheet may have dropped leading zeros: there is "11", and 0011 was expected in this column`
	for text, want := range map[string]string{
		"A1230=,1366\nA0J10=,11":   refused,
		"A1230=,1366\nA0J10=,0011": "",
		// one has kept its zero
		"A1230=,1366\nA0J10=,11\nA0321=,0356": "",
		// all are short
		"A1230=,6\nA0J10=,1\nA0321=,6": "",
		// two digits of each
		"A1230=,66\nA0J10=,11": "",
		// some are shorter for another reason
		"A1230=,1366\nA0J10=,11\nA0321=,6": "",
		// steps may be wrong
		"A1230=,1376\nA0J10=,11\nA0321=,356":  `mine.csv:3: answer: a spreadsheet may`,
		"A1230=,\nA0J10=,11\nA0321=,356":      refused,
		"A1230=,1366\nA0J10=,11\nS3210=,0123": "", // one of another level has kept it
		"A1230=,00335366\nA0J10=,11":          "",
		"A1230=,1366\nS3210=,123":             `mine.csv:3: answer: the verifier refuses "123", where a spreadsheet may have dropped leading zeros: 0123 was expected`,
		"A1230=,1366\nA0J10=,1.1E+1": "a spreadsheet may have written a long number " +
			"shorter: save the column as text; want",
		"A1230=,1366\nA0J10=,12": `the verifier refuses "12": want a whole response that is right`,
		// said exactly
		`{"prompt":"A1230=","answer":"1366"}` + "\n" + `{"prompt":"A0J10=","answer":"11"}`: "",
		`{"prompt":"A1230=","answer":1366}` + "\n" +
			`{"prompt":"A0J10=","answer":11}`: `mine.csv:2: answer: a spreadsheet may have dropped leading zeros`,
	} {
		if !strings.HasPrefix(text, "{") {
			text = "prompt,answer\n" + text
		}
		d, err := cards.ReadData("mine.csv", text)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
		if err == nil { // a link with these rows opens, as it always has
			if again, err := cards.Unpack("rows", cards.Pack(d)); err != nil ||
				again.Digest != d.Digest {
				t.Errorf("%q in a link: %v", text, err)
			}
		}
	}
	x := param.Defaults(cards.Knobs)
	for prompt, want := range map[string]string{"A1230=": "1366", "A0J10=": "0011",
		"A0321=": "0356"} {
		p, err := cards.Problem(prompt)
		r := num.NewRand(0, "test", "zeros")
		if have := cards.Demonstrate(&r, p, x); err != nil || have != want {
			t.Errorf("the expert writes %s for %s: %v, want %s", have, prompt, err, want)
		}
	}
}
