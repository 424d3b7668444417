package method

import "posttrain/core/param"

var _ = enter("best_of_n", entry{
	bits: "cd7014a61ba55822",
	objective: func(_ param.Values, b []Group) func() float64 {
		return overTokens(b, func(_, _ int, c *Completion) float64 { return total(c.Logp) })
	},
	mutants: mutants{
		"sign":               scaled(-1),
		"wrong source":       row(func(r *Row) { r.From = Demo }),
		"weighed by reward":  advantage(PerCompletion(Reward)),
		"against the others": advantage(InGroup(Rollout, Reward, Centred)),
		"only right ones":    advantage(IfCorrect),
		"mean over answers":  row(func(r *Row) { r.Reduce = SeqMean }),
		"sum over tokens":    row(func(r *Row) { r.Reduce = SeqSum }),
		"probability":        row(func(r *Row) { r.Denom = OverOne }),
	},
})
