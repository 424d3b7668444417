package method

import "posttrain/core/param"

var _ = enter("psr", entry{
	bits: "2dd681aed5e3ffcb",
	objective: func(v param.Values, b []Group) func() float64 {
		paid := charged(v, b)
		return overTokens(b, func(g, i int, c *Completion) float64 { return clipped(v, c, paid[g][i].Reward) })
	},
	mutants: with(tokenMutants, mutants{
		"with a baseline":    advantage(InGroup(Rollout, Reward, Centred)),
		"no partial credit":  advantage(IfCorrect),
		"wrong answers down": advantage(PerCompletion(func(c *Completion) float64 { return 2*c.Reward - 1 })),
	}),
})
