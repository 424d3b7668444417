package method

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("uft", entry{
	bits: "0c21a3e7bff688c0",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		a := zscores(b)
		return func() float64 {
			reinforce, sampled, imitate, given := 0.0, 0.0, 0.0, 0.0
			lab.Each(b, objective.Rollout, func(g, i int, c *objective.Completion) {
				k := c.HintLen
				rest := objective.Completion{Logp: c.Logp[k:], OldLogp: c.OldLogp[k:],
					RefLogp: c.RefLogp[k:], Entropy: c.Entropy[k:]}
				reinforce += clipped(v, &rest, a(g, i))
				imitate += lab.Total(c.Logp[:k])
				sampled, given = sampled+float64(len(rest.Logp)), given+float64(k)
			})
			return lab.Over(reinforce, sampled) + v.Float("sft_coef")*lab.Over(imitate, given)
		}
	},
	mutants: with(sampledMutants(without(tokenMutants, "sign")), mutants{
		"sign":       scaled(-1),
		"no hint":    parted(func(_ param.Values, p *objective.HintSplit) { p.Hint = nil }),
		"hint alone": parted(func(_ param.Values, p *objective.HintSplit) { p.Sampled = nil }),
		"hint in full": parted(func(_ param.Values, p *objective.HintSplit) {
			p.Hint = objective.Row{From: objective.Demo}
		}),
		"hint by answers": parted(func(v param.Values, p *objective.HintSplit) {
			p.Hint = objective.Sum{{Weight: v.Float("sft_coef"),
				Objective: objective.Row{From: objective.Demo, Reduce: objective.SeqMean}}}
		}),
		"hint reinforced": func(_ param.Values, o objective.Objective) objective.Objective {
			p := o.(objective.HintSplit)
			return objective.Sum{{Weight: 1, Objective: p.Sampled},
				{Weight: 1, Objective: objective.HintSplit{Hint: p.Hint}}}
		},
		"demonstrations": func(v param.Values, o objective.Objective) objective.Objective {
			return objective.Sum{{Weight: 1,
				Objective: objective.HintSplit{Sampled: o.(objective.HintSplit).Sampled}},
				{Weight: v.Float("sft_coef"), Objective: objective.Row{From: objective.Demo}}}
		},
		"without deviation": sampledMutant(advantage(objective.InGroup(objective.Rollout,
			objective.Reward, objective.Centred))),
	}),
})

// parted changes what an objective does with parts.
func parted(change func(param.Values, *objective.HintSplit)) func(param.Values,
	objective.Objective) objective.Objective {
	return func(v param.Values, o objective.Objective) objective.Objective {
		p := o.(objective.HintSplit)
		change(v, &p)
		return p
	}
}

// sampledMutant breaks what a method does with sampled tokens.
func sampledMutant(m func(param.Values, objective.Objective) objective.Objective) func(param.Values,
	objective.Objective) objective.Objective {
	return parted(func(v param.Values, p *objective.HintSplit) { p.Sampled = m(v, p.Sampled) })
}

func sampledMutants(m mutants) mutants {
	out := mutants{}
	for name, mutate := range m {
		out[name] = sampledMutant(mutate)
	}
	return out
}

// A hint is so many fifths of a demonstration, with the mean of the binomial; a short demonstration
// has as many slices as tokens; and after the fade there is none.
func TestHintsFade(t *testing.T) {
	const draws = 2000
	for _, c := range []struct {
		tokens, step, fade int
		p                  float64
		lengths            []int // of 0, 1, ... slices
	}{
		{5, 0, 100, 0.95, []int{0, 1, 2, 3, 4, 5}},
		{12, 50, 100, 0.5, []int{0, 2, 5, 7, 10, 12}},
		{3, 50, 100, 0.5, []int{0, 1, 2, 3}},
		{5, 25, 100, 0.05 + 0.45*(1+math.Sqrt(0.5)), []int{0, 1, 2, 3, 4, 5}},
		{5, 100, 100, 0, []int{0}},
		{0, 0, 100, 0, []int{0}},
	} {
		count, slices := map[int]int{}, 0.0
		for i := range uint64(draws) {
			r := num.NewRand(1, "test", "hint", i)
			count[slicedHint(&r, c.tokens, c.step, c.fade)]++
		}
		for k, n := range c.lengths {
			slices += float64(k * count[n])
			delete(count, n)
		}
		if len(count) > 0 {
			t.Errorf("%d tokens, step %d: other lengths %v than %v", c.tokens, c.step, count,
				c.lengths)
		}
		n := float64(len(c.lengths) - 1)
		// 4 standard deviations of the mean of so many binomials: more than that once in 16000
		// times.
		if off := math.Abs(slices/draws - n*c.p); off > 4*math.Sqrt(n*c.p*(1-c.p)/draws) {
			t.Errorf("%d tokens, step %d: %v slices on average, want %v", c.tokens, c.step,
				slices/draws, n*c.p)
		}
	}
}
