package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("nsr", entry{
	bits: "26d4196fd754f0bc",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		paid := charged(v, b)
		return lab.OverTokens(b, func(g, i int, c *objective.Completion) float64 {
			return clipped(v, c, paid[g][i].Reward-1)
		})
	},
	mutants: with(tokenMutants, mutants{
		"with a baseline": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"right answers up": advantage(
			objective.PerCompletion(func(c *objective.Completion) float64 {
				return 2*c.Reward -
					1
			})),
		"right answers": advantage(objective.PerCompletion(objective.Reward)),
	}),
})
