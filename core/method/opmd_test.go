package method

import (
	"math"

	"posttrain/core/param"
)

var _ = enter("opmd", entry{
	baseline: true,
	bits:     "377bc1c74823ad42",
	objective: func(v param.Values, b []Group) func() float64 {
		tau, baseline := v.Float("tau"), make([]float64, len(b))
		for g := range b {
			baseline[g], _ = meanStd(b[g])
			if v.Choice("form") == "soft" {
				s, n := 0.0, 0.0
				each(b[g:g+1], Rollout, func(_, _ int, c *Completion) { s, n = s+math.Exp((c.Reward-baseline[g])/tau), n+1 })
				baseline[g] += tau * math.Log(s/n)
			}
		}
		return overTokens(b, func(g, i int, c *Completion) float64 {
			lp := total(c.Logp)
			s := (c.Reward - baseline[g]) * lp / (1 + tau)
			if v.Choice("form") == "kimi" { // the square's slope is what the report writes as a gradient
				moved := lp - total(c.OldLogp)
				s = (c.Reward-baseline[g])*lp - tau/2*moved*moved
			}
			return s + v.Float("entropy")*total(c.Entropy)
		})
	},
	mutants: mutants{
		"sign":                scaled(-1),
		"no entropy bonus":    only(0),
		"not damped":          advantage(InGroup(Rollout, Reward, Centred)),
		"other form":          advantage(InGroup(Rollout, Reward, damped(1, softMax(1)))),
		"with a deviation":    advantage(InGroup(Rollout, Reward, ZScore)),
		"with a ratio":        row(func(r *Row) { r.Denom = OverBehaviour }),
		"moving away costs":   row(func(r *Row) { r.Extra, r.Requires = PerCompletion(movedAway(1)), Logp|OldLogp }),
		"mean over sequences": row(func(r *Row) { r.Reduce = SeqMean }),
		"wrong source":        row(func(r *Row) { r.From = Demo }),
	},
})
