package method

import "posttrain/core/param"

var _ = enter("nsr", entry{
	bits: "26d4196fd754f0bc",
	objective: func(v param.Values, b []Group) func() float64 {
		paid := charged(v, b)
		return overTokens(b, func(g, i int, c *Completion) float64 { return clipped(v, c, paid[g][i].Reward-1) })
	},
	mutants: with(tokenMutants, mutants{
		"with a baseline":  advantage(InGroup(Rollout, Reward, Centred)),
		"right answers up": advantage(PerCompletion(func(c *Completion) float64 { return 2*c.Reward - 1 })),
		"right answers":    advantage(PerCompletion(Reward)),
	}),
})
