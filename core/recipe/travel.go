package recipe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/param"
)

// wordChars has the characters that names and numbers consist of.
const wordChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."

// setPage sets a key that only the page uses. An empty value removes it. Whether the value names
// something is left to the page.
func (r *Recipe) setPage(key, value string) error {
	if err := checkWord(value); err != nil {
		return err
	}
	if strings.Trim(value, wordChars+"/,") != "" { // as in id/accuracy
		return fmt.Errorf("%s=%s: expected a name, or several with commas between them", key,
			param.Quote(value))
	}
	if r.page[key] = value; value == "" {
		delete(r.page, key)
	}
	return nil
}

// setRows makes the recipe train on the rows in its link. If the link also has the digest of a data
// set, in data=, it must be that of the rows.
func (r *Recipe) setRows(rows string) error {
	if !r.Task.HasPrompts() {
		return errNoPrompts
	}
	d, err := r.Task.Unpack("rows", rows)
	if err != nil {
		return err
	}
	if r.Data != "" && r.Data != d.Digest {
		return fmt.Errorf("the link names the data set %s and brings rows of %s: want those of "+
			"one, or only one of data= and rows=", r.Data, d.Digest)
	}
	r.rows = rows
	return r.SetUserData(d)
}

// Address returns the link to share. It is the canonical link with the keys of the page, and with
// the rows of a small data set and the text of a short script, of which the canonical link has only
// the digests.
func (r *Recipe) Address() string {
	text := r.fullLink()
	for _, key := range pageKeys {
		if value, ok := r.page[key]; ok {
			text += "&" + key + "=" + value
		}
	}
	return text
}

// fullLink returns the canonical link with the rows of a small data set and the text of a short
// script, unless flags bring the same from files.
func (r *Recipe) fullLink(flags ...string) string {
	link := r.Link()
	if r.rows != "" && !slices.Contains(flags, "--data") {
		link += "&rows=" + r.rows
	}
	if p := r.program(); p != nil && p.Script != "" && !slices.Contains(flags, "--task") {
		link += "&program=" + p.Script
	}
	if r.script != "" && !slices.Contains(flags, "--reward") {
		link += "&script=" + r.script
	}
	return link
}

// Command returns the command that runs the recipe in a terminal, with flags such as --seeds 1-5.
// What --data and --reward bring from files is not in its link.
func (r *Recipe) Command(flags ...string) string {
	link := r.fullLink(flags...)
	return ShellCommand(append([]string{"posttrain", "run", link}, flags...)...)
}

// commandTemplate returns the command that runs the recipe in a terminal, with FILE in place of
// each file that only the user has.
func (r *Recipe) commandTemplate() string {
	var flags []string
	if r.Data != "" && r.rows == "" {
		flags = append(flags, "--data", "FILE.csv")
	}
	if p := r.program(); p != nil && p.Script == "" {
		flags = append(flags, "--task", "FILE.star")
	}
	if r.Reward != "" && r.script == "" {
		flags = append(flags, "--reward", "FILE.star")
	}
	if r.userBase != nil {
		flags = append(flags, "--base", "FILE")
	}
	return r.Command(flags...)
}

// ShellCommand returns a command that a POSIX shell splits into exactly these words.
func ShellCommand(words ...string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = word
		if word == "" || strings.Trim(word, wordChars+"/:@%+,") != "" {
			quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}
