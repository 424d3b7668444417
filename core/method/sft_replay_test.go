package method

import "posttrain/core/param"

var _ = enter("sft_replay", entry{
	bits: "b1d22a7c92dfea54",
	objective: func(_ param.Values, b []Group) func() float64 {
		return func() float64 {
			s, n := 0.0, 0.0
			each(b, Demo, func(_, _ int, c *Completion) { s, n = s+total(c.Logp), n+float64(len(c.Logp)) })
			return over(s, n)
		}
	},
	mutants: mutants{
		"sign":                scaled(-1),
		"scale":               scaled(0.5),
		"wrong source":        row(func(r *Row) { r.From = Rollout }),
		"mean over sequences": row(func(r *Row) { r.Reduce = SeqMean }),
		"sum over tokens":     row(func(r *Row) { r.Reduce = SeqSum }),
	},
})
