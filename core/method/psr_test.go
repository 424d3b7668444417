package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("psr", entry{
	bits: "2dd681aed5e3ffcb",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		paid := charged(v, b)
		return lab.OverTokens(b, func(g, i int, c *objective.Completion) float64 {
			return clipped(v, c, paid[g][i].Reward)
		})
	},
	mutants: with(tokenMutants, mutants{
		"with a baseline": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"no partial credit": advantage(objective.IfCorrect),
		"wrong answers down": advantage(
			objective.PerCompletion(func(c *objective.Completion) float64 {
				return 2*c.Reward -
					1
			})),
	}),
})
