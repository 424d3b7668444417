package train

import (
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/rollout"
)

// demoKnobs belong to every method that learns from demonstrations.
var demoKnobs = []param.Knob{
	param.Integer("demos", "prompts", 0, 0, 100_000,
		"How many of the training prompts have a demonstration. A method that only imitates "+
			"then practises just these, again and again. One that also samples practises every "+
			"prompt, and has only its own answers where there is no demonstration. 0 means all of "+
			"them.").
		Called("demonstrations").Logarithmic(),
	param.Choice("select", "order", []string{"order", "fisher"},
		"Which prompts have a demonstration when not all do. order: the first. "+
			"fisher: one after the other those from whose demonstration the model's last "+
			"layer would "+
			"learn most beyond the others, as far as the model can tell when the stage starts "+
			"(FisherSFT, arXiv:2505.14826); for this all of them are written and looked at once."),
	param.Number("wrong", "", 0, 0, 1,
		"Share of the demonstrations that are wrong: some of their symbols are replaced, so "+
			"that the verifier would reject them. It is not asked, so they are imitated like the "+
			"others.").
		Called("wrong demonstrations"),
}

// mixtureKnobs belong to every method that only imitates, unless it has a knob of its own for the
// same.
var mixtureKnobs = []param.Knob{
	param.Number("prior", "", 0, 0, 1,
		"Share of a batch that are demonstrations of the prior skill instead of what is "+
			"practised. At least one prompt of a batch is always practised.").
		Called("share of the prior skill"),
}

// demonstrationKnobs returns those of demoKnobs and mixtureKnobs that a method has.
func demonstrationKnobs(m method.Method) (knobs []param.Knob) {
	v := m.Defaults()
	c := m.Collect(v)
	if demonstrates(m) && c.Hint == nil {
		knobs = append(knobs, demoKnobs...)
	}
	if c.Demos > 0 && c.Group == 0 && !v.Has("replay") {
		knobs = append(knobs, mixtureKnobs...)
	}
	return knobs
}

// demonstrates reports whether a method may learn from demonstrations of the practised skill, or
// start rollouts from them, at its defaults or with one of its choices made otherwise.
func demonstrates(m method.Method) bool {
	for _, k := range m.Knobs {
		for _, choice := range k.Choices {
			v := m.Defaults()
			// no error, since it is one of the knob's own choices
			if err := v.Set(k.Name, choice); err == nil && m.Collect(v).Demonstrates() {
				return true
			}
		}
	}
	return m.Collect(m.Defaults()).Demonstrates()
}

// rehearsed returns how many prompts of a batch the setting prior replaces by demonstrations of the
// prior skill.
func rehearsed(v param.Values) int {
	if !v.Has("prior") {
		return 0
	}
	batch := v.Int("batch")
	return min(int(math.Round(v.Float("prior")*float64(batch))), batch-1)
}

// demonstratedOf returns how many training prompts have a demonstration; 0 means all, or that what
// is collected has no demonstrations.
func demonstratedOf(c objective.Collect, v param.Values) int {
	if !v.Has("demos") || !c.Demonstrates() {
		return 0
	}
	return v.Int("demos")
}

// demonstrated is the set of training prompts that have a demonstration.
type demonstrated struct {
	prompts   []int      // their numbers, in order; nil if all have one or none are chosen yet
	selection *selection // the selection in progress; nil at other times
}

// has reports whether a training prompt has a demonstration.
func (d *demonstrated) has(i int) bool {
	if d.prompts == nil {
		return true
	}
	_, found := slices.BinarySearch(d.prompts, i)
	return found
}

// chooseDemonstrated does the next part of choosing the prompts that have a demonstration, and
// reports whether they are all chosen. The setting select=fisher compares demonstrations under the
// model at the start of the stage.
func (c *collector) chooseDemonstrated(scorer *rollout.Scorer, models *frozen,
	l *ledger) (done bool) {
	d, n := &c.demonstrated, c.plan.demonstrated
	switch {
	case n == 0 || n >= len(c.training) || d.prompts != nil:
		return true
	case !c.plan.compares:
		for i := range n {
			d.prompts = append(d.prompts, i)
		}
		return true
	case d.selection == nil:
		shape := models.start.Config
		d.selection = newSelection(n, shape.Dim, c.demonstrateAll(shape, l))
	}
	if !d.selection.advance(scorer, models.startNetwork(), c.responder.sampler.Rows()) {
		return false
	}
	d.prompts, d.selection = d.selection.chosen, nil
	slices.Sort(d.prompts)
	return true
}

// demonstrateAll returns the demonstrations for all training prompts. It charges them, and the
// forward pass by which they are compared.
func (c *collector) demonstrateAll(shape model.Config, l *ledger) []*rollout.Sequence {
	all := make([]*rollout.Sequence, len(c.training))
	for i := range all {
		all[i] = c.demonstrate(i)
		l.demonstration(i)
	}
	l.FLOPs += passFLOPs(shape, all, 1)
	return all
}
