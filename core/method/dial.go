package method

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// dial is a knob of [Dials]. Each of its settings is a part of a row.
type dial struct {
	name   string
	called string
	doc    string
	usual  string // the default
	parts  []part
}

// part is one setting of a dial.
type part struct {
	name  string
	title string
	// formula is what the part adds to a formula, see [FormulaAt].
	formula string
	// add adds the part to a row. nil adds nothing.
	add   func(param.Values, *objective.Row)
	reads []string // the numbers among the knobs that the part reads

	ofDemos bool // an advantage or a choice of tokens that demonstrations can have
	blind   bool // an advantage that reads no reward
	byToken bool // an advantage that differs between the tokens of an answer

	// kl says how a KL in the reward enters an advantage. "" means that there cannot be one.
	kl string
}

func (p part) addTo(v param.Values, r *objective.Row) {
	if p.add != nil {
		p.add(v, r)
	}
}

// dials returns the dials that are choices of parts, in the order in which they are shown and in
// which their parts are added.
func dials() []dial {
	return []dial{
		{"source", "learns from", "What is learned from.", "rollouts", sources},
		{"advantage", "advantage", "By how much an answer, or a token of it, is better than " +
			"expected: what its push is multiplied by.", "z_score", advantages},
		{"denominator", "divided by", "What the policy's probability of a token is divided by. " +
			"The push is multiplied by this ratio.", "behaviour", denominators},
		{"span", "ratio of", "The tokens that a ratio is taken over.", "token", spans},
		{"limit", "limit of the ratio", "How the ratio is limited.", "clip", limits},
		{"tokens", "tokens that count", "Which tokens are pushed, or held back.", "all",
			tokenChoices},
		{"average", "average", "How tokens are averaged over a batch.", "answers", averages},
	}
}

// dialNamed returns the dial with this name, which must exist.
func dialNamed(name string) dial {
	all := dials()
	return all[slices.IndexFunc(all, func(d dial) bool { return d.name == name })]
}

// partOf returns the part that a dial is turned to.
func partOf(v param.Values, dial string) part { return dialNamed(dial).part(v) }

func (d dial) part(v param.Values) part {
	chosen := v.Choice(d.name)
	return d.parts[slices.IndexFunc(d.parts, func(p part) bool { return p.name == chosen })]
}

// turned reports whether the dial makes a difference at this position. Where the denominator is the
// policy itself, every ratio is 1, over any span and with any limit.
func (d dial) turned(v param.Values) bool {
	return d.name != "span" && d.name != "limit" || v.Choice("denominator") != "policy"
}

// dialKnobs returns a knob for each of [dials]. Its choices are the names of the parts, and its
// text says what each part is.
func dialKnobs() (knobs []param.Knob) {
	for _, d := range dials() {
		var names, titles []string
		doc := d.doc
		for _, p := range d.parts {
			names, titles = append(names, p.name), append(titles, p.title)
			doc += fmt.Sprintf(" %s: %s.", p.name, p.title)
		}
		knobs = append(knobs, param.Choice(d.name, d.usual, names, doc).Naming(titles...).
			Called(d.called))
	}
	return knobs
}
