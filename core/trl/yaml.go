package trl

import (
	"fmt"
	"strings"
)

// document is the text of a YAML file of scalars.
type document struct{ strings.Builder }

// width is where comments are broken, in columns.
const width = 92

// line writes a line.
func (d *document) line(text string) {
	d.WriteString(text)
	d.WriteByte('\n')
}

// comment writes a comment, on several lines if it is long.
func (d *document) comment(format string, args ...any) {
	row := "#"
	for _, word := range strings.Fields(fmt.Sprintf(format, args...)) {
		if len(row)+1+len(word) > width && row != "#" {
			d.line(row)
			row = "#"
		}
		row += " " + word
	}
	d.line(row)
}

// key writes a setting, with a note behind it unless that is "".
func (d *document) key(name, value, note string) {
	if note != "" {
		value += " # " + note
	}
	d.line(name + ": " + value)
}
