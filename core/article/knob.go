package article

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/prose"
)

// Article returns the article of the knob.
func (k KnobEntry) Article() Article {
	var has []Ref
	if len(k.Has) <= few {
		has = refsOf(k.Has)
	}
	turned, among := k.turned(), ""
	if len(turned) > few {
		among = fmt.Sprintf("%d exhibits, among them", len(turned))
		turned = turned[:few]
	}
	return Article{Name: k.ID, Title: k.label(), Paragraphs: []Paragraph{
		{Text: k.Knob.Doc},
		{Heading: "Accepted", Text: prose.Capital(k.Accepts()) + ".", Fact: true},
		{Heading: "Default", Text: k.Defaults() + ".", Fact: true},
		{Heading: "Unit", Text: k.Knob.Unit, Fact: true},
		{Heading: "Usual", Text: k.Values(), Fact: true},
		{Heading: "Source", Text: k.Source, Fact: true},
		{Heading: "Belongs to", See: has, Fact: true},
		{Heading: "Turned in", Text: among, See: turned, Fact: true},
	}}
}

// Accepts returns what the knob accepts, as a noun phrase.
func (k KnobEntry) Accepts() string {
	if k.Varies {
		return "what the " + k.Has[0].Kind + " has"
	}
	return k.Knob.Accepts()
}

// few is the most things that are named one by one.
const few = 4

// refsOf returns the things that have a knob.
func refsOf(all []Holder) (refs []Ref) {
	for _, h := range all {
		refs = append(refs, h.Ref)
	}
	return refs
}

// Defaults returns the default of the knob, or its defaults with what has each of them.
func (k KnobEntry) Defaults() string {
	var values []string
	of := map[string][]string{}
	for _, h := range k.Has {
		if of[h.Default] == nil {
			values = append(values, h.Default)
		}
		of[h.Default] = append(of[h.Default], h.Name)
	}
	if len(values) == 1 {
		return values[0]
	}
	slices.SortStableFunc(values, func(a, b string) int { return len(of[b]) - len(of[a]) })
	var parts []string
	for _, value := range values {
		who := prose.List(of[value])
		if len(of[value]) > few {
			who = fmt.Sprintf("%d %ss", len(of[value]), k.Has[0].Kind)
		}
		parts = append(parts, value+" in "+who)
	}
	return prose.List(parts)
}

// Values says which values are usual: in papers, as far as that is known, and in the exhibits.
func (k KnobEntry) Values() string {
	return strings.TrimSpace(k.Usual + " " + k.here())
}

// here says which values the exhibits use.
func (k KnobEntry) here() string {
	if k.Uses == nil {
		return "No exhibit has it."
	}
	var values []string
	for _, u := range k.Uses {
		if !slices.Contains(values, u.Setting) {
			values = append(values, u.Setting)
		}
	}
	switch {
	case len(values) == 1:
		return fmt.Sprintf("Here: %s in all exhibits that have it.", values[0])
	case k.Knob.Type == param.TypeNumber || k.Knob.Type == param.TypeInteger:
		slices.SortFunc(values, byNumber)
		return fmt.Sprintf("Here: %s to %s in the exhibits.", values[0], values[len(values)-1])
	}
	return fmt.Sprintf("Here: %s in the exhibits.", prose.List(values))
}

// byNumber compares settings of a number knob.
func byNumber(a, b string) int {
	x, _ := strconv.ParseFloat(a, 64) // settings are written by the knob itself
	y, _ := strconv.ParseFloat(b, 64)
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// turned returns the exhibits in which the knob is not at its default.
func (k KnobEntry) turned() (refs []Ref) {
	for _, u := range k.Uses {
		if u.Changed && !slices.Contains(refs, u.Exhibit) {
			refs = append(refs, u.Exhibit)
		}
	}
	return refs
}
