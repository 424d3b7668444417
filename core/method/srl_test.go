package method

import (
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// afterHints returns the objective of GRPO on the sampled tokens, without the given tokens before
// them.
func afterHints(v param.Values, b []objective.Group) func() float64 {
	a := zscores(b)
	return lab.PerRollout(b, func(g, i int, c *objective.Completion) float64 {
		k := c.HintLen
		rest := objective.Completion{Logp: c.Logp[k:], OldLogp: c.OldLogp[k:],
			RefLogp: c.RefLogp[k:], Entropy: c.Entropy[k:]}
		return lab.Over(clipped(v, &rest, a(g, i)), float64(len(rest.Logp)))
	})
}

var _ = enter("srl", entry{
	baseline:  true,
	objective: afterHints,
	bits:      "2741d282b36142e4",
	mutants:   afterHintMutants,
})

// afterHintMutants are mistakes in GRPO on what was sampled.
var afterHintMutants = with(sampledMutants(with(without(clippedMutants, "sign"), mutants{
	"sum over tokens": row(func(r *objective.Row) { r.Reduce = objective.SeqSum }),
	"without deviation": advantage(objective.InGroup(objective.Rollout, objective.Reward,
		objective.Centred)),
	"bonus over tokens": bonus(objective.TokenMean),
})), mutants{
	"sign": scaled(-1),
	"hint learned too": func(_ param.Values, o objective.Objective) objective.Objective {
		return o.(objective.HintSplit).Sampled
	},
	"hint alone": func(_ param.Values, o objective.Objective) objective.Objective {
		return objective.HintSplit{Hint: objective.Row{From: objective.Demo,
			Reduce: objective.SeqMean}}
	},
})

// Every step of a demonstration is practised equally often: as many are given as come before it.
func TestStepsAreDrawnAlike(t *testing.T) {
	m := mustLookup(t, "srl")
	const draws = 3000
	for _, c := range []struct{ tokens, step, steps int }{{5, 2, 3}, {5, 1, 6}, {6, 2, 4},
		{5, 6, 1}, {0, 2, 1}, {7, 4, 2}} {
		v := m.Defaults()
		if err := v.Set("step_tokens", string(rune('0'+c.step))); err != nil {
			t.Fatal(err)
		}
		h, count := m.Collect(v).Hint, make([]int, c.steps)
		for i := range uint64(draws) {
			r := num.NewRand(1, "test", "steps", i)
			given := h.Length(&r, c.tokens, 0, 1)
			if given%c.step != 0 || given > c.tokens {
				t.Fatalf("%d of %d tokens are given, in steps of %d", given, c.tokens, c.step)
			}
			count[given/c.step]++
		}
		for k, n := range count {
			// 200 is more than 6 standard deviations of a binomial of 3000.
			if off := n - draws/c.steps; off > 200 || off < -200 {
				t.Errorf("%d tokens in steps of %d: step %d is practised %d times of %d", c.tokens,
					c.step, k, n, draws)
			}
		}
	}
}
