package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("w_reinforce", entry{
	bits: "9e7d99ae0d283eff",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		positive, negative := v.Float("lambda"), -1.0
		paid := charged(v, b)
		return lab.OverTokens(b, func(g, i int, c *objective.Completion) float64 {
			return clipped(v, c, positive*paid[g][i].Reward+negative*(1-paid[g][i].Reward))
		})
	},
	mutants: with(tokenMutants, mutants{
		"unweighted": advantage(objective.PerCompletion(func(c *objective.Completion) float64 {
			return 2*c.Reward -
				1
		})),
		"wrong weighed": advantage(objective.PerCompletion(func(c *objective.Completion) float64 {
			return c.Reward -
				0.1*(1-c.Reward)
		})),
		"with a baseline": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"right ignored": advantage(
			objective.PerCompletion(func(c *objective.Completion) float64 { return c.Reward - 1 })),
	}),
})
