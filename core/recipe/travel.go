package recipe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/param"
)

// inWords has the characters of names and numbers.
const inWords = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."

// setPage sets a key of the page, whose value the page checks. An empty value is ignored.
func (r *Recipe) setPage(key, value string) error {
	if err := checkWord(value); err != nil {
		return err
	}
	if strings.Trim(value, inWords+",") != "" {
		return fmt.Errorf("%s=%s: expected a name, or several with commas between them", key,
			param.Quote(value))
	}
	if r.page[key] = value; value == "" {
		delete(r.page, key)
	}
	return nil
}

// setRows reads the rows of a data set from a link. The link may have their digest too, in data=.
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

// Address returns the link to share. Beside the canonical link it has the rows of a small data set,
// for which the link has only a digest, and the page's keys.
func (r *Recipe) Address() string {
	text := r.portable()
	for _, key := range pageKeys {
		if value, ok := r.page[key]; ok {
			text += "&" + key + "=" + value
		}
	}
	return text
}

// portable returns the link with the rows of a small data set.
func (r *Recipe) portable() string {
	if r.rows == "" {
		return r.Link()
	}
	return r.Link() + "&rows=" + r.rows
}

// Command returns the command that runs the recipe in a terminal, followed by flags such as
// --seeds 1-5. With --data among them, the link has no rows.
func (r *Recipe) Command(flags ...string) string {
	link := r.portable()
	if slices.Contains(flags, "--data") {
		link = r.Link()
	}
	return ShellCommand(append([]string{"posttrain", "run", link}, flags...)...)
}

// takeAway returns the command for a user who has the files that the link only names.
func (r *Recipe) takeAway() string {
	var flags []string
	if r.Data != "" && r.rows == "" {
		flags = append(flags, "--data", "FILE.csv")
	}
	if r.userBase != nil {
		flags = append(flags, "--base", "FILE")
	}
	return r.Command(flags...)
}

// ShellCommand returns a command in which a POSIX shell reads exactly these words.
func ShellCommand(words ...string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = word
		if word == "" || strings.Trim(word, inWords+"/:@%+,") != "" {
			quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}
