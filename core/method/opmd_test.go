package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("opmd", entry{
	baseline: true,
	bits:     "377bc1c74823ad42",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		tau, baseline := v.Float("tau"), make([]float64, len(b))
		for g := range b {
			baseline[g], _ = meanStd(b[g])
			if v.Choice("form") == "soft" {
				s, n := 0.0, 0.0
				lab.Each(b[g:g+1], objective.Rollout, func(_, _ int, c *objective.Completion) {
					s, n = s+math.Exp((c.Reward-baseline[g])/tau), n+1
				})
				baseline[g] += tau * math.Log(s/n)
			}
		}
		return lab.OverTokens(b, func(g, i int, c *objective.Completion) float64 {
			lp := lab.Total(c.Logp)
			s := (c.Reward - baseline[g]) * lp / (1 + tau)
			// the square's slope is what the report writes as a gradient
			if v.Choice("form") == "kimi" {
				moved := lp - lab.Total(c.OldLogp)
				s = (c.Reward-baseline[g])*lp - tau/2*moved*moved
			}
			return s + v.Float("entropy")*lab.Total(c.Entropy)
		})
	},
	mutants: mutants{
		"sign":             scaled(-1),
		"no entropy bonus": only(0),
		"not damped": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"other form": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			damped(1, softMax(1)))),
		"with a deviation": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.ZScore)),
		"with a ratio": row(func(r *objective.Row) { r.Denom = objective.OverBehaviour }),
		"moving away costs": row(func(r *objective.Row) {
			r.Extra, r.Requires = objective.PerCompletion(scaledLogRatio(1)), objective.Logp|
				objective.OldLogp
		}),
		"mean over sequences": row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"wrong source":        row(func(r *objective.Row) { r.From = objective.Demo }),
	},
})
