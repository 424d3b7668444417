package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("rft", entry{
	bits: "cf516c691673eee6",
	objective: func(_ param.Values, b []objective.Group) func() float64 {
		return func() float64 {
			s, n := 0.0, 0.0
			lab.Each(b, objective.Rollout, func(_, _ int, c *objective.Completion) {
				for _, lp := range c.Logp {
					if c.Reward >= 1 {
						s += lp
					}
					n++
				}
			})
			return lab.Over(s, n)
		}
	},
	mutants: mutants{
		"sign":              scaled(-1),
		"wrong source":      row(func(r *objective.Row) { r.From = objective.Demo }),
		"wrong answers too": row(func(r *objective.Row) { r.Advantage = nil }),
		"partial credit": row(func(r *objective.Row) {
			r.Advantage = objective.InGroup(objective.Rollout, objective.Reward, func([]float64) {})
		}),
		"pushes wrong answers": row(func(r *objective.Row) {
			r.Advantage = objective.InGroup(objective.Rollout, objective.Reward, objective.Centred)
		}),
		"mean over sequences": row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"ratio to behaviour":  row(func(r *objective.Row) { r.Denom = objective.OverBehaviour }),
	},
})
