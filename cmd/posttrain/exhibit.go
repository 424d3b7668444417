package main

import (
	"slices"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
)

func aboutExhibit(c *recipe.Catalogue, e recipe.Exhibit) article {
	claim := "The claim"
	if e.Museum {
		claim = "What fails"
	}
	told := []paragraph{
		{heading: string(e.Group), text: e.Asks},
		{heading: claim, text: e.Claim + " (" + e.Cite + ")"},
		{heading: "Against it", text: e.Counter},
		{text: e.Doc},
		{heading: "The sign", text: e.Sign},
		{heading: "The cure", text: e.Cure},
		{heading: "Before you look", text: e.Question},
	}
	told = append(told, decided(c, e)...)
	told = append(told,
		paragraph{heading: "Why", text: e.Why},
		paragraph{heading: "Run it", text: "posttrain run " + e.Name, code: true},
		paragraph{heading: "Its recipe", text: e.Link, code: true})
	return article{e.Name, e.Title, append(told, next(c, e)...), ownKnobs(c, e), nil}
}

// next returns what to try afterwards, as commands.
func next(c *recipe.Catalogue, e recipe.Exhibit) (all []paragraph) {
	suggestions, err := c.Suggestions(e, 1)
	if err != nil {
		return []paragraph{{heading: "Try next", text: err.Error()}}
	}
	for _, s := range suggestions {
		all = append(all, paragraph{heading: "Try next", text: s.Says},
			paragraph{text: recipe.ShellCommand("posttrain", "run", s.Link), code: true})
	}
	return all
}

// ownKnobs returns the settings of an exhibit's methods that have no article of their own.
func ownKnobs(c *recipe.Catalogue, e recipe.Exhibit) (knobs []param.Knob) {
	r, err := c.Parse(e.Name)
	if err != nil {
		return nil
	}
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
