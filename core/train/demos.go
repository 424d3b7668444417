package train

import (
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// demoKnobs belong to every method that learns from demonstrations.
var demoKnobs = []param.Knob{
	param.Integer("demos", "prompts", 0, 0, 100_000,
		"How many of the training prompts have a demonstration. A method that only imitates "+
			"then practises just these, again and again. One that also samples practises every "+
			"prompt, and has only its own answers where there is no demonstration. 0 means all of "+
			"them.").
		Called("demonstrations").Logarithmic(),
	param.Choice("select", "order", []string{"order", "fisher"}, "Which prompts have a demonstration when not all do. order: the first. "+
		"fisher: one after the other those from whose demonstration the model's last layer would learn most beyond the others, as far as the model can tell when the stage starts (FisherSFT, arXiv:2505.14826); for this all of them are written and looked at once."),
	param.Number("wrong", "", 0, 0, 1,
		"Share of the demonstrations that are wrong: some of their symbols are replaced, so "+
			"that the verifier would reject them. It is not asked, so they are imitated like the "+
			"others.").
		Called("wrong demonstrations"),
}

// mixtureKnobs belong to every method that only imitates, unless it has a knob of its own for the same.
var mixtureKnobs = []param.Knob{
	param.Number("prior", "", 0, 0, 1,
		"Share of a batch that are demonstrations of the prior skill instead of what is "+
			"practised. At least one prompt of a batch is always practised.").
		Called("share of the prior skill"),
}

// demonstrationKnobs are those of both kinds that a method has.
func demonstrationKnobs(m method.Method) (knobs []param.Knob) {
	v := m.Defaults()
	c := m.Collect(v)
	if c.Demonstrates() && c.Hint == nil {
		knobs = append(knobs, demoKnobs...)
	}
	if c.Demos > 0 && c.Group == 0 && !v.Has("replay") {
		knobs = append(knobs, mixtureKnobs...)
	}
	return knobs
}

// rehearsed is how many demonstrations of a batch are of the prior skill by the knob prior.
func rehearsed(v param.Values) int {
	if !v.Has("prior") {
		return 0
	}
	batch := v.Int("batch")
	return min(int(math.Round(v.Float("prior")*float64(batch))), batch-1)
}

// demonstratedOf is how many training prompts have a demonstration; 0 when all have.
func demonstratedOf(v param.Values) int {
	if !v.Has("demos") {
		return 0
	}
	return v.Int("demos")
}

// compares says whether all demonstrations are looked at to choose some.
func compares(v param.Values) bool { return demonstratedOf(v) > 0 && v.Choice("select") == "fisher" }

// chooseDemos goes on to settle which prompts have a demonstration, unless all have; it reports whether it is settled.
func (s *Session) chooseDemos() (settled bool) {
	c := &s.collector
	n := demonstratedOf(c.values)
	switch {
	case n == 0 || n >= len(c.prompts) || c.able != nil:
		return true
	case !compares(c.values):
		for i := range n {
			c.able = append(c.able, i)
		}
		return true
	case c.choosing == nil:
		c.choosing = newSelection(n, s.policy.Config.Dim, s.writeAll())
	}
	if !c.choosing.advance(s.scorer, s.startNetwork(), c.sampler.Rows()) {
		return false
	}
	c.able, c.choosing = c.choosing.chosen, nil
	slices.Sort(c.able)
	return true
}

// writeAll has the expert write all demonstrations, to choose among them.
func (s *Session) writeAll() []*rollout.Sequence {
	c := &s.collector
	pool := make([]*rollout.Sequence, len(c.prompts))
	for i := range pool {
		pool[i] = c.expert("demonstrate", c.prompts, i)
	}
	cost := &s.cost
	if s.stageStep > 0 { // resumed: this was paid for before
		cost = new(protocol.Cost)
	}
	cost.FLOPs += passFLOPs(s.policy.Config, pool, 1)
	cost.Demonstrations = max(cost.Demonstrations, len(pool)+consolidatedOf(c.values, len(c.replay)))
	return pool
}

// practised returns the training prompts of a batch: of those with a demonstration, for a method that only imitates.
func (c *collector) practised(batch, size int) []int {
	if c.able == nil || c.spec.Group > 0 {
		return c.choose(batch, size)
	}
	chosen := c.order(len(c.able), batch*size, size)
	for k, i := range chosen {
		chosen[k] = c.able[i]
	}
	return chosen
}

// hasDemo says whether a training prompt has a demonstration.
func (c *collector) hasDemo(i int) bool {
	if c.able == nil {
		return true
	}
	_, found := slices.BinarySearch(c.able, i)
	return found
}

// written is how many demonstrations of training prompts were asked for by the end of a batch.
func (c *collector) written(batch, size int) (n int) {
	switch {
	case c.able == nil:
		return c.seen(batch, size)
	case compares(c.values):
		return len(c.prompts)
	case c.spec.Group == 0:
		return min(len(c.able), (batch+1)*size)
	}
	met := c.order(len(c.prompts), 0, min(len(c.prompts), (batch+1)*size))
	if c.chance != nil {
		met = met[:0]
		for i, v := range c.visits {
			if v.Count > 0 {
				met = append(met, i)
			}
		}
	}
	for _, i := range met {
		if c.hasDemo(i) {
			n++
		}
	}
	return n
}

// writtenSingly is the same where a demonstration is only asked for when no answer is right.
func (c *collector) writtenSingly() int {
	if c.able != nil && compares(c.values) {
		return len(c.prompts)
	}
	return c.shownCount()
}

// spoil makes the share of demonstrations wrong that is to be, by their own tokens.
func (c *collector) spoil(p task.Problem, i int, response []int32) []int32 {
	r := num.NewRand(c.lane.Seed, "wrong", c.lane.Task.Name, uint64(i))
	if !c.values.Has("wrong") || r.Float64() >= c.values.Float("wrong") {
		return response
	}
	return slip(c.lane.Task, p, response, &r)
}

// slip replaces symbols of a right response until the verifier rejects it: one, and one more after every few attempts in vain.
func slip(t task.Task, p task.Problem, response []int32, r *num.Rand) (wrong []int32) {
	const patience, most = 8, 64 // attempts with as many slips; slips
	if len(response) == 1 {
		response = []int32{0, task.End}
	}
	for attempt := range patience * most {
		wrong = slices.Clone(response)
		for range 1 + attempt/patience {
			wrong[r.IntN(len(wrong)-1)] = 1 + int32(r.IntN(t.Vocab()-1))
		}
		if played, _ := t.Turns(p, wrong); t.Score(p, played) < 0.5 {
			break
		}
	}
	return wrong
}
