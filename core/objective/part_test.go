package objective_test

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// trimmed returns the batch without the parts of completions that are left out.
func trimmed(batch []objective.Group,
	keep func(c *objective.Completion) (from, to int)) []objective.Group {
	out := lab.CloneBatch(batch)
	for _, group := range out {
		for _, c := range group {
			from, to := keep(c)
			n := c.Len()
			for _, f := range c.Fields() {
				width := 1
				if len(*f.Values) > n {
					width = lab.Vocab
				}
				*f.Values = slices.Clone((*f.Values)[from*width : to*width])
			}
			c.HintLen = 0
		}
	}
	return out
}

// objectives write every channel: the clipped row with its KL and bonus, a critic's loss, whole
// distributions.
func objectives() map[string]objective.Objective {
	v := param.Defaults(knob.Proximal())
	return map[string]objective.Objective{
		"row": objective.Proximal(v,
			objective.Row{Advantage: objective.InGroup(objective.Rollout, objective.Reward,
				objective.ZScore), Reduce: objective.TokenMean}),
		"bonus":  objective.EntropyBonus{Reduce: objective.SeqMean},
		"critic": objective.ValueLoss{Advantage: objective.GAE(1, 0.95, 0), Clip: 0.2},
		"dense": objective.Dense{From: objective.Rollout, Reduce: objective.TokenMean,
			Requires: objective.TeacherDist, Weights: func(c *objective.Completion,
				t int) []float64 {
				return objective.Softmax(objective.DistAt(c.TeacherDist, c, t), 1)
			}},
	}
}

// After a hint, an objective is to the bit what it would be if the hint had been part of the
// prompt.
func TestSampledPartsAreAsIfTheHintWereThePrompt(t *testing.T) {
	for name, o := range objectives() {
		for seed := range uint64(50) {
			b := lab.New(seed, param.Values{}).Batch
			got := lab.Add(objective.HintSplit{Sampled: o}, b)
			want := lab.Add(o, trimmed(b, func(c *objective.Completion) (from, to int) {
				return c.HintLen, c.Len()
			}))
			checkParts(t, name, seed, b, got, want,
				func(c *objective.Completion) int { return c.HintLen })
		}
	}
}

// On a hint, an objective of demonstrations is to the bit what it would be on demonstrations that
// are the hints.
func TestGivenPartsAreDemonstrations(t *testing.T) {
	for name, o := range map[string]objective.Objective{
		"tokens":    objective.Row{From: objective.Demo, Reduce: objective.TokenMean},
		"sequences": objective.Row{From: objective.Demo, Reduce: objective.SeqMean},
	} {
		for seed := range uint64(50) {
			b := lab.New(seed, param.Values{}).Batch
			hints := trimmed(b,
				func(c *objective.Completion) (from, to int) { return 0, c.HintLen })
			for g, group := range hints {
				for i, c := range group {
					c.Source = objective.Chosen // neither a demonstration nor a rollout
					if b[g][i].HintLen > 0 {
						c.Source = objective.Demo
					}
				}
			}
			got, want := lab.Add(objective.HintSplit{Hint: o}, b), lab.Add(o, hints)
			checkParts(t, name, seed, b, got, want, func(*objective.Completion) int { return 0 })
			if needs := (objective.HintSplit{Hint: o}).Needs(); needs != objective.Rollouts {
				t.Errorf("needs %v", needs)
			}
		}
	}
}

// checkParts compares coefficients with those of the parts, each from a token on; elsewhere there
// is nothing.
func checkParts(t *testing.T, name string, seed uint64, batch []objective.Group, got,
	want objective.Coeffs, from func(*objective.Completion) int) {
	t.Helper()
	for g := range got {
		for i, c := range batch[g] {
			for k, x := range lab.Channels(got[g][i]) {
				part, at := lab.Channels(want[g][i])[k], from(c)
				if k == 4 {
					at *= lab.Vocab
				}
				for j, v := range x {
					wanted := 0.0
					if j >= at && j-at < len(part) {
						wanted = part[j-at]
					}
					if math.Float64bits(v) != math.Float64bits(wanted) {
						t.Fatalf("%s, seed %d, [%d][%d], channel %d: %v at %d, want %v", name, seed,
							g, i, k, v, j, wanted)
					}
				}
				if len(x) < len(part) {
					t.Fatalf("%s, seed %d, [%d][%d], channel %d: nothing", name, seed, g, i, k)
				}
			}
		}
	}
}

// What explains parts explains their coefficients, whichever side they come from, and has nothing
// to say of other tokens.
func TestPartsExplainThemselves(t *testing.T) {
	r := objective.Row{From: objective.Rollout,
		Advantage: objective.InGroup(objective.Rollout, objective.Reward,
			objective.ZScore), Reduce: objective.TokenMean}
	d := objective.Row{From: objective.Demo, Reduce: objective.TokenMean}
	for _, o := range []objective.HintSplit{{Sampled: r}, {Hint: d}, {Sampled: r, Hint: d},
		{Sampled: objective.EntropyBonus{}, Hint: d}} {
		for seed := range uint64(20) {
			b := lab.New(seed, param.Values{}).Batch
			for g, group := range b {
				for i, c := range group {
					why, total := o.Explain(b, g, i), lab.Add(o, b)[g][i].Logp
					if c.Source != objective.Rollout && why != nil {
						t.Fatalf("seed %d: explains a %v", seed, c.Source)
					}
					for k := range total {
						if why == nil && total[k] != 0 ||
							why != nil && why[k].Coefficient != total[k] {
							t.Fatalf("seed %d, [%d][%d], token %d of %+v: explains %v, the "+
								"coefficient is %v", seed, g, i, k, o, why, total[k])
						}
					}
				}
			}
		}
	}
}
