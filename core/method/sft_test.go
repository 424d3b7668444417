package method

import "posttrain/core/param"

var _ = enter("sft", entry{
	bits: "b1d22a7c92dfea54",
	objective: func(_ param.Values, b []Group) func() float64 {
		return func() float64 {
			s, n := 0.0, 0.0
			each(b, Demo, func(_, _ int, c *Completion) {
				for _, lp := range c.Logp {
					s, n = s+lp, n+1
				}
			})
			return over(s, n)
		}
	},
	mutants: mutants{
		"sign":                 scaled(-1),
		"scale":                scaled(1.001),
		"wrong source":         row(func(r *Row) { r.From = Chosen }),
		"mean over sequences":  row(func(r *Row) { r.Reduce = SeqMean }),
		"sum over tokens":      row(func(r *Row) { r.Reduce = SeqSum }),
		"weighed by itself":    row(func(r *Row) { r.Denom = OverOne }),
		"judged by the answer": row(func(r *Row) { r.Advantage = IfCorrect }),
	},
})
