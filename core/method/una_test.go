package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("una", entry{
	bits: "c6a1d798dd5b65ff",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		return func() float64 {
			s, n := 0.0, 0.0
			lab.Each(b, objective.Demo, func(_, _ int, c *objective.Completion) {
				implicit := 1 / (1 +
					math.Exp(-v.Float("beta")*(lab.Total(c.Logp)-lab.Total(c.RefLogp))))
				s, n = s-(implicit-c.Reward)*(implicit-c.Reward), n+1
			})
			return lab.Over(s, n)
		}
	},
	mutants: mutants{
		"sign":         scaled(-1),
		"half":         scaled(0.5),
		"wrong source": row(func(r *objective.Row) { r.From = objective.Rollout }),
		"over tokens":  row(func(r *objective.Row) { r.Reduce = objective.TokenMean }),
		"other beta": row(func(r *objective.Row) {
			r.Advantage = objective.PerCompletion(squaredErrorSlope(0.3))
		}),
		"every answer 1": row(func(r *objective.Row) {
			r.Advantage = objective.PerCompletion(
				func(c *objective.Completion) float64 {
					right := *c
					right.Reward = 1
					return squaredErrorSlope(0.2)(&right)
				})
		}),
		"not the squared": row(func(r *objective.Row) {
			r.Advantage = objective.PerCompletion(func(c *objective.Completion) float64 {
				return objective.Sigmoid(-0.2 * objective.SequenceLogRatio(c))
			})
		}),
	},
})
