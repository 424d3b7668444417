package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("opd", entry{
	bits: "b0172e67b6cd8551",
	objective: func(_ param.Values, b []objective.Group) func() float64 {
		fixed := map[*objective.Completion][]float64{}
		lab.Each(b, objective.Rollout, func(_, _ int, c *objective.Completion) {
			for t := range c.Logp {
				fixed[c] = append(fixed[c], c.TeacherLogp[t]-c.Logp[t])
			}
		})
		return func() float64 {
			s, n := 0.0, 0.0
			lab.Each(b, objective.Rollout, func(_, _ int, c *objective.Completion) {
				for t, lp := range c.Logp {
					s, n = s+fixed[c][t]*math.Exp(lp-c.OldLogp[t]), n+1
				}
			})
			return lab.Over(s, n)
		}
	},
	mutants: mutants{
		"sign":               scaled(-1),
		"no ratio":           row(func(r *objective.Row) { r.Denom = objective.OverPolicy }),
		"ratio to reference": row(func(r *objective.Row) { r.Denom = objective.OverReference }),
		"sum over tokens":    row(func(r *objective.Row) { r.Reduce = objective.SeqSum }),
		"mean of sequences":  row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"wrong source":       row(func(r *objective.Row) { r.From = objective.Demo }),
		"teacher alone": row(func(r *objective.Row) {
			r.Advantage = objective.PerToken(
				func(c *objective.Completion) []float64 { return c.TeacherLogp })
		}),
		"clipped": row(func(r *objective.Row) { r.Mask = objective.Clip(0.2, 0.2) }),
	},
})
