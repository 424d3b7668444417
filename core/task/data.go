package task

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

// Limits on a data set.
const (
	dataRows  = 10_000
	dataBytes = 1 << 20
)

// Data is a user's set of training prompts, with responses to learn from.
type Data struct {
	Task    string // the task's name
	Digest  string // of the task's name and the rows that are used, in order
	Dropped int    // number of rows left out because their problems are held out

	problems []Problem
	answers  map[string]string // by prompt; the task's expert answers the others
}

// Len returns the number of prompts.
func (d *Data) Len() int { return len(d.problems) }

// With returns the task with the prompts of d in place of its training prompts.
func (t Task) With(d *Data) Task {
	expert := t.Demonstrate
	t.userPrompts = d.problems
	t.Demonstrate = func(r *num.Rand, p Problem, k param.Values) string {
		if answer, ok := d.answers[p.Prompt]; ok {
			return answer
		}
		return expert(r, p, k)
	}
	return t
}

// ReadData reads a data set from the text of a file: CSV with a header that names the columns
// prompt and answer, or JSON Lines with these fields. The answer may also be called completion, and
// JSON may have both in a field messages. A prompt must be one that the verifier can judge, of any
// level. An answer is empty, or a whole response with the full reward, with or without the world's
// replies; it must not have lost leading zeros to a spreadsheet.
//
// Rows whose problems are held out are dropped, because training on them would contaminate the
// evaluation and a user cannot know which they are. Errors name the file, the line and the field,
// and say what would be accepted.
func (t Task) ReadData(name, text string) (*Data, error) {
	if len(text) > dataBytes {
		return nil, fmt.Errorf("%s has %d bytes: at most %d are read", name, len(text), dataBytes)
	}
	if t.Read == nil {
		return nil, fmt.Errorf("%s: task %s has no prompts, so there is no data set for it: want "+
			"a recipe on another task", name, t.Name)
	}
	rows, err := readRows(name, text)
	if err != nil {
		return nil, err
	}
	d, err := t.dataOf(name, rows)
	if err != nil {
		return nil, err
	}
	if err := t.shortened(name, rows); err != nil {
		return nil, err
	}
	return d, nil
}

// dataOf returns the data set of some rows.
func (t Task) dataOf(name string, rows []row) (*Data, error) {
	var problems []Problem
	answers, lines := map[string]string{}, map[string]int{}
	for i, r := range rows {
		if i == dataRows {
			return nil, fmt.Errorf("%s:%d: there are more than %d rows: want at most so many", name,
				r.line, dataRows)
		}
		r.answer = t.Canonical(r.answer)
		p, err := t.readRow(r)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, r.line, err)
		}
		if first, again := lines[p.Prompt]; again {
			return nil, fmt.Errorf("%s:%d: prompt %s stands in line %d already: want each once",
				name, r.line, p.Prompt, first)
		}
		lines[p.Prompt] = r.line
		problems = append(problems, p)
		if r.answer != "" {
			answers[p.Prompt] = r.answer
		}
	}
	if len(problems) == 0 {
		return nil, fmt.Errorf("%s has no rows: want at least one", name)
	}
	d := t.usable(problems, answers)
	if d.Len() == 0 {
		return nil, fmt.Errorf("%s: all problems are among those that are held out for "+
			"measuring, one in %d: want others", name, heldOutShare)
	}
	return d, nil
}

// usable returns the data set of problems and answers without those that are held out.
func (t Task) usable(problems []Problem, answers map[string]string) *Data {
	d, held, digest := &Data{Task: t.Name, answers: answers}, t.measured(), sha256.New()
	fmt.Fprintln(digest, t.Name)
	for _, p := range problems {
		if held[p.Prompt] || t.HeldOut(p) {
			d.Dropped++
			continue
		}
		d.problems = append(d.problems, p)
		fmt.Fprintf(digest, "%s,%s\n", p.Prompt, answers[p.Prompt])
	}
	d.Digest = fmt.Sprintf("%x", digest.Sum(nil))[:DigestLen]
	return d
}

// measured returns every prompt that can be measured on. HeldOut alone would not do: it goes by
// keys, and a prompt may be read as a problem of another level than it was drawn for.
func (t Task) measured() map[string]bool {
	held := map[string]bool{}
	for _, l := range t.Levels {
		for _, p := range t.EvalPrompts(l.Name, t.MostEvalPrompts()) {
			held[p.Prompt] = true
		}
	}
	return held
}

// DigestLen is the length in hexadecimal digits of the digest of what a user has brought, such as a
// data set.
const DigestLen = 12

// readRow returns the problem of a row. The error names the field.
func (t Task) readRow(r row) (Problem, error) {
	p, err := t.Problem(r.prompt)
	if err != nil {
		return p, fmt.Errorf("prompt: %w", err)
	}
	if r.answer == "" {
		return p, nil
	}
	draw := num.NewRand(0, "example", t.Name)
	wanted := fmt.Sprintf("want a whole response that is right, such as %s, or nothing, which "+
		"leaves it to the task's expert", t.Demonstrate(&draw, p, param.Defaults(t.Knobs)))
	if strings.Contains(strings.ToUpper(r.answer), "E+") {
		wanted = "a spreadsheet may have written a long number shorter: save the " +
			"column as text; " + wanted
	}
	tokens, err := t.Encode(r.answer)
	played, _ := t.PlayTurns(p, append(tokens, End))
	switch {
	case err != nil:
		return p, fmt.Errorf("answer: %w: %s", err, wanted)
	case len(played) > t.MaxResponse || played[len(played)-1] != End:
		return p, fmt.Errorf("answer: %s has %d symbols, and at most %d fit: %s",
			param.Quote(r.answer), len(tokens), t.MaxResponse-1, wanted)
	case t.Score(p, played) < 1:
		if full := t.zerosBack(p, r.answer); full != "" {
			return p, fmt.Errorf("answer: the verifier refuses %s, where a spreadsheet may have "+
				"dropped leading zeros: %s was expected: save the "+
				"column as text", param.Quote(r.answer), full)
		}
		return p, fmt.Errorf("answer: the verifier refuses %s: %s", param.Quote(r.answer), wanted)
	}
	return p, nil
}
