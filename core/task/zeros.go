package task

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

// A spreadsheet takes an answer such as 0037 for a number and saves it as 37. If a task judges the
// whole answer, the verifier refuses 37. If it judges only the end, 37 is right too, but is a
// different demonstration from the one that was written. This file finds such answers.

// shortened returns an error about the first answer that has lost its leading zeros, and nil if
// there is none or if short answers may be meant.
//
// It assumes that zeros were lost if an answer equals the expert's in some style without its
// leading zeros, and the whole column looks like what a spreadsheet leaves of that style: no answer
// begins with a zero, none is shorter for another reason, and lengths differ. Right answers with
// steps left out or wrong remain possible, and so does everything in quotes in JSON, which no
// spreadsheet has changed.
func (t Task) shortened(name string, rows []row) error {
	for _, style := range t.styles() {
		if r, full := t.shortenedFrom(rows, style); full != "" {
			return fmt.Errorf("%s:%d: answer: a spreadsheet may have dropped leading zeros: "+
				"there is %s, and %s was expected in this column: save the column as text, or "+
				"the rows as JSON Lines with answers in quotes, which are taken as they are",
				name, r.line, param.Quote(r.answer), full)
		}
	}
	return nil
}

// styles returns the default settings of the task's knobs, and for each choice of a knob the
// defaults with that choice.
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

// shortenedFrom returns the first row whose answer is the expert's in a style without its leading
// zeros, and the expert's answer. full is "" unless the whole column looks like what a spreadsheet
// leaves of the style.
func (t Task) shortenedFrom(rows []row, style param.Values) (first row, full string) {
	lengths := map[int]bool{} // of the answers that a spreadsheet leaves of the style
	for _, r := range rows {
		if r.exact || !number(r.answer) {
			continue
		}
		if len(r.answer) > 1 && r.answer[0] == '0' {
			return row{}, ""
		}
		p, _ := t.Problem(r.prompt)
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

// zerosBack returns the answer with as many zeros in front as make it right, and "" if none do.
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

// withoutZeros returns what a spreadsheet makes of a text: without leading zeros if it is a number,
// unchanged otherwise.
func withoutZeros(text string) string {
	if !number(text) {
		return text
	}
	end := text[len(text)-1:]
	return strings.TrimLeft(text[:len(text)-1], "0") + end
}

// number reports whether a text consists of digits, at least one.
func number(text string) bool { return madeOf(text, "0123456789", max(1, len(text))) }
