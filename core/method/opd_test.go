package method

import (
	"math"

	"posttrain/core/param"
)

var _ = enter("opd", entry{
	bits: "b0172e67b6cd8551",
	objective: func(_ param.Values, b []Group) func() float64 {
		fixed := map[*Completion][]float64{}
		each(b, Rollout, func(_, _ int, c *Completion) {
			for t := range c.Logp {
				fixed[c] = append(fixed[c], c.TeacherLogp[t]-c.Logp[t])
			}
		})
		return func() float64 {
			s, n := 0.0, 0.0
			each(b, Rollout, func(_, _ int, c *Completion) {
				for t, lp := range c.Logp {
					s, n = s+fixed[c][t]*math.Exp(lp-c.OldLogp[t]), n+1
				}
			})
			return over(s, n)
		}
	},
	mutants: mutants{
		"sign":               scaled(-1),
		"no ratio":           row(func(r *Row) { r.Denom = OverPolicy }),
		"ratio to reference": row(func(r *Row) { r.Denom = OverReference }),
		"sum over tokens":    row(func(r *Row) { r.Reduce = SeqSum }),
		"mean of sequences":  row(func(r *Row) { r.Reduce = SeqMean }),
		"wrong source":       row(func(r *Row) { r.From = Demo }),
		"teacher alone":      row(func(r *Row) { r.Advantage = PerToken(func(c *Completion) []float64 { return c.TeacherLogp }) }),
		"clipped":            row(func(r *Row) { r.Mask = Clip(0.2, 0.2) }),
	},
})
