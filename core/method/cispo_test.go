package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("cispo", entry{
	baseline: true,
	bits:     "c2cbc7db2aeb5095",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		a, fixed := zscores(charged(v, b)), map[*objective.Completion][]float64{}
		lab.Each(b, objective.Rollout, func(g, i int, c *objective.Completion) {
			for t, lp := range c.Logp {
				fixed[c] = append(fixed[c],
					a(g, i)*math.Min(math.Exp(lp-c.OldLogp[t]), 1+v.Float("eps_high")))
			}
		})
		return lab.OverTokens(b, func(_, _ int, c *objective.Completion) float64 {
			return lab.Dot(fixed[c], c.Logp) + bonusLessKL(v, c)
		})
	},
	mutants: mutants{
		"sign":             scaled(-1),
		"no KL":            row(func(r *objective.Row) { r.K3Weight = 0 }),
		"no entropy bonus": only(0),
		"no cap":           row(func(r *objective.Row) { r.Ratio = nil }),
		"cap without one": row(func(r *objective.Row) {
			r.Ratio = func(x, _ float64) float64 {
				return min(x, 4)
			}
		}),
		"dropped tokens": row(func(r *objective.Row) { r.Mask = objective.Clip(0.2, 0.2) }),
		"no standard deviation": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"ratio to reference":  row(func(r *objective.Row) { r.Denom = objective.OverReference }),
		"mean over sequences": row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"wrong source":        row(func(r *objective.Row) { r.From = objective.Demo }),
	},
})
