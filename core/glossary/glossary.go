// Package glossary explains the words that the playground uses: each term once, with other words
// for the same thing and, where there is one, the paper that it comes from.
//
// The page links these terms wherever it explains something, docs/glossary.md lists them, and
// "posttrain explain term/NAME" prints one. Start with [Entries].
package glossary

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/param"
)

// Entry is one term.
type Entry struct {
	Name  string   `json:"name"`            // lower_snake, unique
	Title string   `json:"title"`           // as a sentence has it
	Forms []string `json:"forms,omitempty"` // its plural and the like, which texts contain too
	Also  []string `json:"also,omitempty"`  // other words for the same thing
	Plain bool     `json:"plain,omitempty"` // an everyday word, which the page does not link
	Doc   string   `json:"doc"`             // one to three sentences
	Cite  string   `json:"cite,omitempty"`  // the paper; "" where there is none
}

// Entries returns all terms in the order of their titles.
func Entries() []Entry {
	all := slices.Concat(experiment(), models(), learning(), measures())
	slices.SortFunc(all, func(a, b Entry) int {
		return strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title))
	})
	return all
}

// Lookup returns the term of a name, which may also be its title.
func Lookup(name string) (Entry, error) {
	var names []string
	for _, e := range Entries() {
		if e.Name == name || strings.EqualFold(e.Title, name) {
			return e, nil
		}
		names = append(names, e.Name)
	}
	return Entry{}, param.Unknown("term", name, names)
}

// Words returns everything by which texts call the term, its title first.
func (e Entry) Words() []string { return slices.Concat([]string{e.Title}, e.Forms, e.Also) }
