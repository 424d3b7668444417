package method

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// moved returns log π/π_ref of a completion.
func moved(c *objective.Completion) float64 { return lab.Total(c.Logp) - lab.Total(c.RefLogp) }

func logSigmoid(x float64) float64 { return -math.Log1p(math.Exp(-x)) }

// dpoObjective returns the objective of DPO if a share of the labels is believed to be wrong.
func dpoObjective(wrong func(param.Values) float64) func(param.Values,
	[]objective.Group) func() float64 {
	return func(v param.Values, b []objective.Group) func() float64 {
		return lab.PerPair(b, func(w, l *objective.Completion) float64 {
			m := v.Float("beta") * (moved(w) - moved(l))
			return (1-wrong(v))*logSigmoid(m) + wrong(v)*logSigmoid(-m)
		})
	}
}

// pairwise changes the objective's comparison: itself, or the second summand.
func pairwise(change func(v param.Values, p *objective.Pairwise)) func(param.Values,
	objective.Objective) objective.Objective {
	return func(v param.Values, o objective.Objective) objective.Objective {
		if s, ok := o.(objective.Sum); ok {
			p := s[1].Objective.(objective.Pairwise)
			change(v, &p)
			return objective.Sum{s[0], {Weight: s[1].Weight, Objective: p}}
		}
		p := o.(objective.Pairwise)
		change(v, &p)
		return p
	}
}

// pairMutants are mistakes in anything that compares halves of pairs.
var pairMutants = mutants{
	"sign": scaled(-1),
	"half": scaled(0.5),
	"swapped margin": pairwise(func(_ param.Values, p *objective.Pairwise) {
		slope := p.Slope
		p.Slope = func(m float64) float64 { return slope(-m) }
	}),
	"hinge": pairwise(func(_ param.Values, p *objective.Pairwise) {
		p.Slope = func(m float64) float64 { return max(0, 1-m) }
	}),
	"score of the policy alone": pairwise(func(v param.Values, p *objective.Pairwise) {
		p.Score = func(c *objective.Completion) (float64, float64) { return lab.Total(c.Logp), 1 }
	}),
	"slope over tokens": pairwise(func(_ param.Values, p *objective.Pairwise) {
		score := p.Score
		p.Score = func(c *objective.Completion) (float64, float64) {
			s, slope := score(c)
			return s, slope / float64(c.Len()+1)
		}
	}),
}

// Of DPO: one label in two wrong teaches nothing, and conservative DPO without doubt is DPO.
func TestConservativeDPO(t *testing.T) {
	dpo, cdpo := mustLookup(t, "dpo"), mustLookup(t, "cdpo")
	for seed := range uint64(50) {
		v := cdpo.Defaults()
		b := lab.New(seed, v).Batch
		if err := v.Set("epsilon", "0"); err != nil {
			t.Fatal(err)
		}
		if !lab.EqualBits(lab.Add(dpo.Build(dpo.Defaults()), b), lab.Add(cdpo.Build(v), b)) {
			t.Errorf("seed %d: cdpo with epsilon 0 is not dpo", seed)
		}
	}
}

func mustLookup(t *testing.T, name string) Method {
	t.Helper()
	m, err := Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
