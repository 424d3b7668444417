package method

import (
	"math"

	"posttrain/core/param"
)

var _ = enter("una", entry{
	bits: "c6a1d798dd5b65ff",
	objective: func(v param.Values, b []Group) func() float64 {
		return func() float64 {
			s, n := 0.0, 0.0
			each(b, Demo, func(_, _ int, c *Completion) {
				implicit := 1 / (1 + math.Exp(-v.Float("beta")*(total(c.Logp)-total(c.RefLogp))))
				s, n = s-(implicit-c.Reward)*(implicit-c.Reward), n+1
			})
			return over(s, n)
		}
	},
	mutants: mutants{
		"sign":         scaled(-1),
		"half":         scaled(0.5),
		"wrong source": row(func(r *Row) { r.From = Rollout }),
		"over tokens":  row(func(r *Row) { r.Reduce = TokenMean }),
		"other beta":   row(func(r *Row) { r.Advantage = PerCompletion(shortfall(0.3)) }),
		"every answer 1": row(func(r *Row) {
			r.Advantage = PerCompletion(func(c *Completion) float64 { d := *c; d.Reward = 1; return shortfall(0.2)(&d) })
		}),
		"not the squared": row(func(r *Row) {
			r.Advantage = PerCompletion(func(c *Completion) float64 { return sigmoid(-0.2 * sequenceLogRatio(c)) })
		}),
	},
})
