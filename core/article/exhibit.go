package article

import (
	"slices"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
)

// OfExhibit returns the article of an exhibit.
func (l *Library) OfExhibit(e recipe.Exhibit) Article {
	c := l.c
	claim := "The claim"
	if e.Museum {
		claim = "What fails"
	}
	told := []Paragraph{
		{Heading: string(e.Group), Text: e.Asks},
		{Heading: claim, Text: e.Claim + " (" + e.Cite + ")"},
		{Heading: "Against it", Text: e.Counter},
		{Text: e.Doc},
		{Heading: "The sign", Text: e.Sign},
		{Heading: "The cure", Text: e.Cure},
		{Heading: "Before you look", Text: e.Question},
	}
	told = append(told, decided(c, e)...)
	told = append(told,
		Paragraph{Heading: "Why", Text: e.Why},
		Paragraph{Heading: "Runs", See: runs(c, e)},
		Paragraph{Heading: "Run it", Text: "posttrain run " + e.Name, Code: true},
		Paragraph{Heading: "Its recipe", Text: e.Link, Link: e.Name, Code: true})
	a := Article{Name: e.Name, Title: e.Title, Paragraphs: append(told, next(c, e)...)}
	if r, err := c.Parse(e.Name); err == nil {
		a.Knobs = ownKnobs(r)
	}
	return a
}

// runs returns the task, the base and the methods of an exhibit.
func runs(c *recipe.Catalogue, e recipe.Exhibit) (refs []Ref) {
	r, err := c.Parse(e.Name)
	if err != nil || !r.Task.HasPrompts() { // what has no network has its own task and methods
		return nil
	}
	refs = append(refs, Ref{Task, r.Task.Name, r.Task.Title})
	if b, err := c.Base(r.Values.Choice("base")); err == nil {
		refs = append(refs, Ref{Base, b.Name, b.Title})
	}
	for _, lane := range r.Lanes {
		for _, s := range lane {
			ref := Ref{Method, s.Method.Name, s.Method.Title}
			if !slices.Contains(refs, ref) {
				refs = append(refs, ref)
			}
		}
	}
	return refs
}

// next returns what to try afterwards, as commands.
func next(c *recipe.Catalogue, e recipe.Exhibit) (all []Paragraph) {
	suggestions, err := c.Suggestions(e, 1)
	if err != nil {
		return []Paragraph{{Heading: "Try next", Text: err.Error()}}
	}
	for _, s := range suggestions {
		all = append(all, Paragraph{Heading: "Try next", Text: s.Says},
			Paragraph{Text: recipe.ShellCommand("posttrain", "run", s.Link), Link: s.Link,
				Code: true})
	}
	return all
}

// ownKnobs returns the settings of an exhibit's methods that have no article of their own.
func ownKnobs(r *recipe.Recipe) (knobs []param.Knob) {
	for _, lane := range r.Lanes {
		for _, stage := range lane {
			if slices.Contains(method.Families(), stage.Method.Family) {
				continue // it has an article of its own
			}
			for _, k := range stage.Values.Knobs() {
				if !slices.ContainsFunc(knobs,
					func(o param.Knob) bool { return o.Name == k.Name }) {
					knobs = append(knobs, k)
				}
			}
		}
	}
	return knobs
}
