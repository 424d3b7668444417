package param

import (
	"fmt"
	"strconv"
	"strings"
)

// maxCompared bounds the runes that Nearest looks at, so that a text pasted by accident costs
// nothing.
const maxCompared = 64

// Unknown returns an error about a name that is not among the known ones. It lists all of them, and
// names the nearest one if it is near, see [Near].
func Unknown(kind, name string, known []string) error {
	if len(known) == 0 {
		return fmt.Errorf("unknown %s %s: there are none here", kind, Quote(name))
	}
	suggestion := ""
	if near := Near(name, known); near != "" {
		suggestion = "did you mean " + near + "? "
	}
	return fmt.Errorf("unknown %s %s: %saccepted: %s", kind, Quote(name), suggestion,
		strings.Join(known, ", "))
}

// Quote returns a text in quotation marks for an error. A long text is cut.
func Quote(text string) string {
	if r := []rune(text); len(r) > maxCompared {
		text = string(r[:maxCompared]) + "…"
	}
	return strconv.Quote(text)
}

// Nearest returns the entry of among that is nearest to name, or "" if among is empty. It counts
// the insertions, deletions, substitutions and swaps of neighbours that lead from one to the other,
// and ignores case. The ++ in the names of papers counts as _pp. Of equally near entries it returns
// the first.
func Nearest(name string, among []string) string {
	name = strings.ReplaceAll(name, "++", "_pp")
	best, least := "", -1
	for _, candidate := range among {
		if d := distance(name, candidate); least < 0 || d < least {
			best, least = candidate, d
		}
	}
	return best
}

// Near is [Nearest] for names that may be of something else altogether: it returns "" if more than
// half of the longer name would have to be changed.
func Near(name string, among []string) string {
	nearest := Nearest(name, among)
	if longer := max(len(runes(name)), len(runes(nearest))); 2*distance(name, nearest) > longer {
		return ""
	}
	return nearest
}

// distance returns the optimal string alignment distance between the first maxCompared runes of a
// and b.
func distance(a, b string) int {
	x, y := runes(a), runes(b)
	d := make([][]int, len(x)+1) // d[i][j] is the number of edits from x[:i] to y[:j]
	for i := range d {
		d[i] = make([]int, len(y)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			substitute := d[i-1][j-1]
			if x[i-1] != y[j-1] {
				substitute++
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, substitute)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}

func runes(s string) []rune {
	r := []rune(strings.ToLower(s))
	return r[:min(len(r), maxCompared)]
}
