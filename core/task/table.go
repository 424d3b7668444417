package task

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/posttrain/posttrain/core/param"
)

// separators are the symbols that may separate columns, with their names in errors.
var separators = []struct {
	symbol rune
	name   string
}{{',', "commas"}, {';', "semicolons"}, {'\t', "tabs"}, {'|', "bars"}}

// header is the place of a table's columns.
type header struct {
	line           int // from 1
	separator      int // which of separators
	columns        int
	prompt, answer int // columns, from 0
}

// readTable reads rows below a header that names two columns prompt and answer, or prompt and
// completion. It ignores other columns, empty rows and comments.
func readTable(name, text string) (rows []row, err error) {
	lines := strings.Split(text, "\n")
	h, err := findHeader(name, lines)
	if err != nil {
		return nil, err
	}
	r := tableReader(strings.Join(lines[h.line:], "\n"), h.separator)
	for {
		cells, err := r.Read()
		if err == io.EOF { // not errors.Is, which would make the page's trainer larger by 2 kB
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: quotes: want a field wholly in quotes or without any, "+
				"and each one closed", name, h.line+badLine(err))
		}
		line, _ := r.FieldPos(0)
		line += h.line
		switch cells = trimmed(cells); {
		case h.isComment(cells), blank(cells...):
		case len(cells) < h.columns, !blank(cells[h.columns:]...):
			return nil, fmt.Errorf("%s:%d: fields: there are %d, want %d as in the header, "+
				"separated by %s", name, line, len(cells), h.columns, separators[h.separator].name)
		default:
			rows = append(rows, row{line: line, prompt: cells[h.prompt], answer: cells[h.answer]})
		}
	}
}

// badLine returns the line at which the error of the CSV reader begins.
func badLine(err error) int {
	if bad, ok := errors.AsType[*csv.ParseError](err); ok {
		return bad.StartLine
	}
	return 1
}

// findHeader finds the header: the first line that is not empty, a comment, or "sep=;", which tells
// Excel the separator.
func findHeader(name string, lines []string) (header, error) {
	for n, line := range lines {
		h, cells := readHeader(line)
		h.line = n + 1
		start := strings.ToLower(strings.TrimLeft(line, "\" \t"))
		switch {
		case h.columns > 0:
			return h, nil
		case blank(cells...), strings.HasPrefix(start, "#"), strings.HasPrefix(start, "sep="):
			continue
		}
		found := "is " + param.Quote(line)
		if len(cells) > 1 {
			found += ", with columns separated by " + separators[h.separator].name
		}
		return h, fmt.Errorf("%s:%d: the first line %s: want a header that names one column "+
			"prompt and one answer, such as prompt,answer", name, h.line, found)
	}
	return header{}, fmt.Errorf("%s has no rows: the first line must be: prompt,answer and at "+
		"least one must follow", name)
}

// readHeader splits a line by the separator that gives it both columns, or else by the one that
// gives it the most cells. The header has no columns unless the line names each of the two once.
func readHeader(line string) (h header, cells []string) {
	for i := range separators {
		names, err := tableReader(line, i).Read()
		if err != nil {
			names = []string{line}
		}
		names = trimmed(names)
		if len(names) > len(cells) {
			h.separator, cells = i, names
		}
		prompt, prompts := find(names, "prompt")
		answer, answers := findAnswer(names)
		if prompts == 1 && answers == 1 {
			return header{separator: i, columns: len(names), prompt: prompt, answer: answer}, names
		}
	}
	return h, cells
}

// find returns the last index of a name, in letters of either case, and the number of times it
// occurs.
func find(names []string, name string) (at, times int) {
	for i, n := range names {
		if strings.EqualFold(n, name) {
			at = i
			times++
		}
	}
	return at, times
}

// tableReader returns a reader of a table whose rows may differ in length. It skips blanks before a
// quote, unless they separate columns.
func tableReader(text string, separator int) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = separators[separator].symbol, -1, true
	r.TrimLeadingSpace = r.Comma != '\t'
	return r
}

// isComment reports whether a row begins with # and has no prompt. The prompts of no task begin
// with #.
func (h header) isComment(cells []string) bool {
	return strings.HasPrefix(cells[0], "#") &&
		(h.prompt == 0 || h.prompt >= len(cells) || cells[h.prompt] == "")
}

// trimmed removes the blanks around each cell, in place.
func trimmed(cells []string) []string {
	for i, cell := range cells {
		cells[i] = strings.TrimSpace(cell)
	}
	return cells
}

// blank reports whether all cells are empty or white space.
func blank(cells ...string) bool { return strings.TrimSpace(strings.Join(cells, "")) == "" }
