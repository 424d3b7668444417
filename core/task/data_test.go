package task

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"posttrain/core/num"
	"posttrain/core/param"
)

// dataOf writes n sampled problems of every level as CSV, every other one with an answer.
func dataOf(k Task, n int) string {
	var b strings.Builder
	b.WriteString("prompt,answer\n")
	seen := map[string]bool{}
	for i, p := range problems(k, n) {
		if seen[p.Prompt] {
			continue
		}
		seen[p.Prompt] = true
		answer := ""
		if i%2 == 0 {
			r := num.NewRand(4, "demonstrate", k.Name, uint64(i))
			answer = k.Demonstrate(&r, p, param.Defaults(k.Knobs))
		}
		fmt.Fprintf(&b, "%s,%s\n", p.Prompt, answer)
	}
	return b.String()
}

// Training prompts are the rows that are not held out, and the expert writes what they say or, where they say nothing, its own.
func TestDataTakesThePlaceOfTrainingPrompts(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		text := dataOf(k, 40)
		d, err := k.ReadData("mine.csv", text)
		if err != nil {
			t.Fatal(err)
		}
		if rows := strings.Count(text, "\n") - 1; d.Len()+d.Dropped != rows || d.Dropped == 0 || d.Task != k.Name || len(d.Digest) != DigestLen {
			t.Errorf("%d rows and %d dropped of %d", d.Len(), d.Dropped, rows)
		}
		with, held := k.With(d), map[string]bool{}
		for _, l := range k.Levels {
			for _, p := range k.EvalPrompts(l.Name, k.MostEvalPrompts()) {
				held[p.Prompt] = true
			}
		}
		for i, p := range with.TrainPrompts(5, with.Prompts) {
			if held[p.Prompt] || k.HeldOut(p) {
				t.Fatalf("%+v is held out", p)
			}
			r, same := num.NewRand(1, "test", k.Name, uint64(i)), num.NewRand(1, "test", k.Name, uint64(i))
			got, want := with.Demonstrate(&r, p, param.Defaults(k.Knobs)), k.Demonstrate(&same, p, param.Defaults(k.Knobs))
			if _, after, _ := strings.Cut(text, "\n"+p.Prompt+","); !strings.HasPrefix(after, "\n") {
				want, _, _ = strings.Cut(after, "\n")
			}
			if got != want {
				t.Fatalf("%+v: demonstration %q, want %q", p, got, want)
			}
		}
		if !slices.Equal(k.TrainPrompts(5, 3), mustLookup(t, k.Name).TrainPrompts(5, 3)) {
			t.Error("the task itself has changed")
		}
	})
}

func mustLookup(t *testing.T, name string) Task {
	t.Helper()
	k, err := Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// The digest is that of what is used, however it is written down.
func TestDigestOfData(t *testing.T) {
	cards := mustLookup(t, "cards")
	digest := func(text string) string {
		t.Helper()
		d, err := cards.ReadData("x", text)
		if err != nil {
			t.Fatal(err)
		}
		return d.Digest
	}
	rows := []string{}
	for _, p := range cards.TrainPrompts(1, 3) {
		rows = append(rows, p.Prompt+","+p.Answer)
	}
	held := cards.EvalPrompts("id", 1)[0].Prompt
	plain := digest("prompt,answer\n" + strings.Join(rows, "\n"))
	for _, same := range []string{
		"\ufeffprompt,answer\r\n" + strings.Join(rows, "\r\n") + "\r\n",
		"\"prompt\",\"answer\"\n\n\"" + strings.ReplaceAll(strings.Join(rows, "\"\n\""), ",", "\",\"") + "\"\n",
		"prompt,answer\n" + held + ",\n" + strings.Join(rows, "\n"),
	} {
		if got := digest(same); got != plain {
			t.Errorf("%q has digest %s, want %s", same, got, plain)
		}
	}
	slices.Reverse(rows)
	for _, other := range []string{strings.Join(rows, "\n"), rows[0], rows[2] + "\n" + rows[1] + "\n" + rows[0][:7]} {
		if digest("prompt,answer\n"+other) == plain {
			t.Errorf("%q has the digest of other rows", other)
		}
	}
}

// What is refused, and in which words.
func TestDataThatIsRefused(t *testing.T) {
	cards := mustLookup(t, "cards")
	p := cards.TrainPrompts(1, 1)[0].Prompt
	many := "prompt,answer\n"
	for i := range dataRows + 1 {
		many += fmt.Sprintf("A%04d=,\n", i%10_000)[:8]
		if i >= 10_000 {
			many = strings.TrimSuffix(many, "A0000=,\n") + "B0000=,\n"
		}
	}
	for text, want := range map[string]string{
		"":                                  "mine.csv has no rows: the first line must be: prompt,answer",
		p + ",1":                            "mine.csv: the first line must be: prompt,answer",
		"answer,prompt\n":                   "mine.csv: the first line must be: prompt,answer",
		"prompt,answer\n":                   "mine.csv has no rows: the first",
		"prompt,answer\nA37=,3":             `mine.csv:2: prompt: task cards cannot judge the prompt "A37=": want A or B, four cards`,
		"prompt,answer\n\n" + p + ",":       "",
		"prompt,answer\n" + p:               "mine.csv:2: fields: there are 1, want two",
		"prompt,answer\n" + p + ",,":        "mine.csv:2: fields: there are 3, want two",
		"prompt,answer\n" + p + ",x":        `mine.csv:2: answer: task cards has no symbol 'x': its alphabet is "0123456789JQKABS=": want a whole response that is right, such as `,
		"prompt,answer\n" + p + ",A":        `mine.csv:2: answer: the verifier refuses "A": want a whole response that is right, such as `,
		"prompt,answer\n" + p + ",\"":       "mine.csv:2: ",
		"prompt,answer\n" + p + ",a\"b\"\n": `mine.csv:2: answer: task cards has no symbol 'a'`,
		"prompt,answer\n" + p + "," + strings.Repeat("1", 12):          "has 12 symbols, and at most 11 fit",
		"prompt,answer\n" + p + ",\n\n" + p + ",":                      "mine.csv:4: prompt " + p + " stands in line 2 already",
		"prompt,answer\n" + cards.EvalPrompts("id", 1)[0].Prompt + ",": "mine.csv: all problems are among those that are held out",
		strings.Repeat("x", dataBytes+1):                               "mine.csv has 1048577 bytes: at most 1048576 are read",
		many:                                                           "mine.csv:10002: there are more than 10000 rows",
	} {
		_, err := cards.ReadData("mine.csv", text)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, want %s", text, err, want)
		}
	}
}

// FuzzData reads any text as a data set; what it reads can be trained on.
func FuzzData(f *testing.F) {
	for _, k := range All() {
		f.Add(dataOf(k, 2))
	}
	f.Add("prompt,answer\r\n\"A37QK=\",\"\"\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, k := range All() {
			d, err := k.ReadData("x", text)
			if err != nil {
				continue
			}
			with := k.With(d)
			for _, p := range with.TrainPrompts(0, 1) {
				r := num.NewRand(0, "fuzz", p.Prompt)
				answer := with.Demonstrate(&r, p, param.Defaults(k.Knobs))
				tokens, err := k.Encode(answer)
				if err != nil || k.Score(p, append(tokens, End)) != 1 || len(tokens) >= k.MaxResponse || k.HeldOut(p) {
					t.Fatalf("%s: %+v, %q: %v", k.Name, p, answer, err)
				}
			}
		}
	})
}
