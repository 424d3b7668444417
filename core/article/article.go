package article

import (
	"cmp"

	"github.com/posttrain/posttrain/core/param"
)

// Article explains one thing.
type Article struct {
	Name, Title string // the title may be empty, if the name says it all
	Paragraphs  []Paragraph
	Knobs       []param.Knob // its own settings
	Shared      []param.Knob // settings that all things of its kind have
}

// Paragraph is a text under a heading, with a list of items or of other articles below it.
type Paragraph struct {
	Heading string // may be empty
	Text    string // left out if empty
	Code    bool   // the text is code
	Words   bool   // the code is words, which a terminal may break into lines
	Formula bool   // the text is a formula, or words with symbols of formulas in them
	Fact    bool   // the text is short; a page puts it beside its heading
	Common  bool   // other articles of the kind say the same; left out where they share a page
	Link    string // the recipe that the text is about; a page links it to the lab
	Items   []Item // below the text
	See     []Ref  // below the text
}

// Item is an entry of a list.
type Item struct{ Name, Text string }

// Ref names another article.
type Ref struct{ Kind, Name, Title string }

// heading returns the article's name and title.
func (a Article) heading() string {
	if a.Title == "" {
		return a.Name
	}
	return a.Name + ": " + a.Title
}

// allKnobs returns an article's own knobs and those that all things of its kind have.
func (a Article) allKnobs() []param.Knob {
	return append(a.Knobs[:len(a.Knobs):len(a.Knobs)], a.Shared...)
}

// isEmpty reports whether the paragraph says nothing. Such paragraphs are left out.
func (p Paragraph) isEmpty() bool { return p.Text == "" && p.Items == nil && p.See == nil }

// knobDefault returns the default of a knob, as a link writes it, or that it is empty.
func knobDefault(k param.Knob) string {
	return cmp.Or(param.Defaults([]param.Knob{k}).Text(k.Name), "empty")
}

// names returns the names of things.
func names[T any](all []T, name func(T) string) []string {
	out := make([]string, len(all))
	for i, x := range all {
		out[i] = name(x)
	}
	return out
}
