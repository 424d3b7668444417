package task

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

// A spreadsheet takes an answer such as 0037 for a number and saves it as 37. Where all of an answer is judged, the verifier refuses that.
// Where its end is judged, 37 is right too, and would be another demonstration than the one that somebody wrote.

// shortened returns an error about the first answer that has lost its leading zeros; nil where there is none, or where short answers may be
// meant. An answer has lost some when it is one of the expert's in some style but for its leading zeros, and the whole column is what
// a spreadsheet leaves of that style: no answer begins with a zero, none is shorter for another reason, and they differ in length. Nobody
// shortens answers like that on purpose, while right answers with steps left out or wrong stay possible. So does everything in JSON
// in quotes, which no spreadsheet has changed.
func (t Task) shortened(name string, rows []row) error {
	for _, style := range t.styles() {
		if r, full := t.shortenedFrom(rows, style); full != "" {
			return fmt.Errorf("%s:%d: answer: a spreadsheet may have dropped leading zeros: there is %s, and %s was expected in this column: save the column as text, or the rows as JSON Lines with answers in quotes, which are taken as they are",
				name, r.line, param.Quote(r.answer), full)
		}
	}
	return nil
}

// styles are the settings of the task's knobs: those that it has unless told otherwise, and each other choice of one of them.
func (t Task) styles() []param.Values {
	all := []param.Values{param.Defaults(t.Knobs)}
	for _, k := range t.Knobs {
		for _, choice := range k.Choices {
			style := param.Defaults(t.Knobs)
			if err := style.Set(k.Name, choice); err == nil && choice != all[0].Choice(k.Name) {
				all = append(all, style)
			}
		}
	}
	return all
}

// shortenedFrom returns the first row whose answer is the expert's in a style but for leading zeros, and that answer; "" unless the whole
// column is what a spreadsheet leaves of the style.
func (t Task) shortenedFrom(rows []row, style param.Values) (first row, full string) {
	lengths := map[int]bool{} // of the answers that are left of the style
	for _, r := range rows {
		if r.exact || !number(r.answer) {
			continue
		}
		if len(r.answer) > 1 && r.answer[0] == '0' {
			return row{}, ""
		}
		p, _ := t.Read(r.prompt)
		draw := num.NewRand(0, "example", t.Name)
		expert := t.Demonstrate(&draw, p, style)
		switch left := withoutZeros(expert); {
		case r.answer == expert, r.answer == left:
			lengths[len(r.answer)] = true
			if full == "" && r.answer != expert {
				first, full = r, expert
			}
		case len(r.answer) < len(expert):
			return row{}, ""
		}
	}
	if len(lengths) < 2 {
		return row{}, ""
	}
	return first, full
}

// zerosBack returns an answer with as many zeros in front as make it right; "" where none do.
func (t Task) zerosBack(p Problem, answer string) string {
	if !number(answer) {
		return ""
	}
	for len(answer) < t.MaxResponse-1 {
		if answer = "0" + answer; Right(t.Reward(p, answer)) {
			return answer
		}
	}
	return ""
}

// withoutZeros is what a spreadsheet makes of a text that it takes for a number, and any other text as it is.
func withoutZeros(text string) string {
	if !number(text) {
		return text
	}
	end := text[len(text)-1:]
	return strings.TrimLeft(text[:len(text)-1], "0") + end
}

// number reports whether a text has nothing but digits, and one at least.
func number(text string) bool { return madeOf(text, "0123456789", max(1, len(text))) }
