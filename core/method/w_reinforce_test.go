package method

import "posttrain/core/param"

var _ = enter("w_reinforce", entry{
	bits: "9e7d99ae0d283eff",
	objective: func(v param.Values, b []Group) func() float64 {
		positive, negative := v.Float("lambda"), -1.0
		paid := charged(v, b)
		return overTokens(b, func(g, i int, c *Completion) float64 {
			return clipped(v, c, positive*paid[g][i].Reward+negative*(1-paid[g][i].Reward))
		})
	},
	mutants: with(tokenMutants, mutants{
		"unweighted":      advantage(PerCompletion(func(c *Completion) float64 { return 2*c.Reward - 1 })),
		"wrong weighed":   advantage(PerCompletion(func(c *Completion) float64 { return c.Reward - 0.1*(1-c.Reward) })),
		"with a baseline": advantage(InGroup(Rollout, Reward, Centred)),
		"right ignored":   advantage(PerCompletion(func(c *Completion) float64 { return c.Reward - 1 })),
	}),
})
