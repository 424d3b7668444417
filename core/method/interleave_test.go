package method

import (
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("interleave", imitatesFirst)

// imitatesFirst is the entry of methods that are SFT at their first step, which is all that a table
// of single steps sees.
var imitatesFirst = entry{
	objective: overDemos(func(_ param.Values, c *objective.Completion, t int) func() float64 {
		return func() float64 { return c.Logp[t] }
	}),
	bits: "b1d22a7c92dfea54",
	mutants: atFirst(mutants{
		"sign":                scaled(-1),
		"half":                scaled(0.5),
		"wrong source":        row(func(r *objective.Row) { r.From = objective.Rollout }),
		"mean over sequences": row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"weighed by itself":   row(func(r *objective.Row) { r.Denom = objective.OverOne }),
	}),
}

// It imitates when it is its turn, and is GRPO at the other steps.
func TestTurns(t *testing.T) {
	m, sft, grpo := mustLookup(t, "interleave"), mustLookup(t, "sft"), mustLookup(t, "grpo")
	v, plain := m.Defaults(), grpo.Defaults()
	for name, text := range map[string]string{"turn": "3", "beta": "0.04", "entropy": "0.01"} {
		if err := v.Set(name, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := plain.Set("entropy", "0.01"); err != nil {
		t.Fatal(err)
	}
	b := lab.New(2, v).Batch
	for step := range 7 {
		want := lab.Add(grpo.Build(plain), b)
		if step%3 == 0 {
			want = lab.Add(sft.Build(sft.Defaults()), b)
		}
		if !lab.EqualBits(lab.Add(m.Build(v).(objective.Scheduled).At(objective.Progress{Step: step,
			Steps: 7}), b), want) {
			t.Errorf("step %d is not what its turn says", step)
		}
	}
}
