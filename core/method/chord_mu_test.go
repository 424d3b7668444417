package method

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("chord_mu", entry{
	objective: blended(overDemos(func(_ param.Values, c *objective.Completion,
		t int) func() float64 {
		return func() float64 { return c.Logp[t] }
	})),
	mutants: atFirst(without(chordMutants, "as much of either")), // the default share makes it none
	bits:    "2e42e34899fe7ccb",
})

// atFirst returns the same mistakes for an objective that changes during a stage, in its first
// step.
func atFirst(m mutants) mutants {
	out := mutants{}
	for name, mutate := range m {
		out[name] = func(v param.Values, o objective.Objective) objective.Objective {
			return mutate(v, o.(objective.Scheduled).At(objective.Progress{Steps: 100}))
		}
	}
	return out
}

// At every step it is the mixture with the share that the paper's schedule has then.
func TestImitationFades(t *testing.T) {
	m, mix := mustLookup(t, "chord_mu"), mustLookup(t, "mix")
	v, fixed := m.Defaults(), mix.Defaults()
	b := lab.New(2, v).Batch
	last := 1.0
	for _, step := range []int{0, 1, 25, 50, 99, 100, 5000} {
		mu := 0.05 + (0.9-0.05)*0.5*(1+math.Cos(math.Pi*math.Min(1, float64(step)/100)))
		if mu > last {
			t.Errorf("step %d: the share rises", step)
		}
		last = mu
		if got := imitationShare(v, step); math.Abs(got-mu) > 1e-15 {
			t.Errorf("step %d: the share is %v, want %v", step, got, mu)
		}
		if err := fixed.Set("mu", param.Defaults(m.Knobs).Text("mu")); err != nil {
			t.Fatal(err)
		}
		got := lab.Add(m.Build(v).(objective.Scheduled).At(objective.Progress{Step: step,
			Steps: 5001}), b)
		want := lab.Add(objective.Blend(fixed, imitationShare(v, step), objective.TokenMean,
			objective.Row{From: objective.Demo, Reduce: objective.TokenMean}), b)
		if !lab.EqualBits(got, want) {
			t.Errorf("step %d: not the mixture of that share", step)
		}
	}
}
