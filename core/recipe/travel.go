package recipe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/param"
)

// inWords has the characters of names and numbers.
const inWords = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."

// setPage takes a key of the page. Which names there are is for the page to check. An empty value is as good as none.
func (r *Recipe) setPage(key, value string) error {
	if err := plain(value); err != nil {
		return err
	}
	if strings.Trim(value, inWords+",") != "" {
		return fmt.Errorf("%s=%s: expected a name, or several with commas between them", key, param.Quote(value))
	}
	if r.page[key] = value; value == "" {
		delete(r.page, key)
	}
	return nil
}

// unpack takes the rows of a data set from a link, where data= may have their digest too.
func (r *Recipe) unpack(rows string) error {
	if !r.Task.HasPrompts() {
		return errNoPrompts
	}
	d, err := r.Task.Unpack("rows", rows)
	if err != nil {
		return err
	}
	if r.Data != "" && r.Data != d.Digest {
		return fmt.Errorf("the link names the data set %s and brings rows of %s: want those of one, or only one of data= and rows=", r.Data, d.Digest)
	}
	r.rows = rows
	return r.SetUserData(d)
}

// Address is the link with all that travels with it and is no part of the experiment: the rows of a small data set, which its digest
// stands for, and the page's own keys.
func (r *Recipe) Address() string {
	text := r.portable()
	for _, key := range pageKeys {
		if value, ok := r.page[key]; ok {
			text += "&" + key + "=" + value
		}
	}
	return text
}

// portable is the link with the rows of a small data set.
func (r *Recipe) portable() string {
	if r.rows == "" {
		return r.Link()
	}
	return r.Link() + "&rows=" + r.rows
}

// Command is what runs the recipe in a terminal, with flags such as --seeds 1-5 behind it. Where there is --data, the link has no rows.
func (r *Recipe) Command(flags ...string) string {
	link := r.portable()
	if slices.Contains(flags, "--data") {
		link = r.Link()
	}
	return ShellCommand(append([]string{"posttrain", "run", link}, flags...)...)
}

// takeAway is the command for somebody who has the files that the link cannot bring.
func (r *Recipe) takeAway() string {
	var flags []string
	if r.Data != "" && r.rows == "" {
		flags = append(flags, "--data", "FILE.csv")
	}
	if r.own != nil {
		flags = append(flags, "--base", "FILE")
	}
	return r.Command(flags...)
}

// ShellCommand writes a command so that a POSIX shell reads these words and no others.
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
