package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("sft", entry{
	bits: "b1d22a7c92dfea54",
	objective: func(_ param.Values, b []objective.Group) func() float64 {
		return func() float64 {
			s, n := 0.0, 0.0
			lab.Each(b, objective.Demo, func(_, _ int, c *objective.Completion) {
				for _, lp := range c.Logp {
					s, n = s+lp, n+1
				}
			})
			return lab.Over(s, n)
		}
	},
	mutants: mutants{
		"sign":                 scaled(-1),
		"scale":                scaled(1.001),
		"wrong source":         row(func(r *objective.Row) { r.From = objective.Chosen }),
		"mean over sequences":  row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"sum over tokens":      row(func(r *objective.Row) { r.Reduce = objective.SeqSum }),
		"weighed by itself":    row(func(r *objective.Row) { r.Denom = objective.OverOne }),
		"judged by the answer": row(func(r *objective.Row) { r.Advantage = objective.IfCorrect }),
	},
})
