package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("gmpo", entry{
	baseline: true,
	bits:     "2a6a7208daea88a5",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		a := zscores(charged(v, b))
		return lab.PerRollout(b, func(g, i int, c *objective.Completion) float64 {
			n, sign, product := float64(len(c.Logp)), 1.0, 1.0
			if a(g, i) < 0 {
				sign = -1
			}
			for t, lp := range c.Logp {
				ratio := math.Exp(lp - c.OldLogp[t])
				bounded := math.Max(1-v.Float("eps_low"),
					math.Min(1+v.Float("eps_high"), ratio))
				product *= math.Pow(math.Min(math.Pow(ratio, sign),
					math.Pow(bounded, sign)), sign)
			}
			return math.Pow(product, 1/n)*a(g, i) + bonusLessKL(v, c)/n
		})
	},
	mutants: with(without(clippedMutants, "sequence ratio"), mutants{
		"arithmetic mean":     row(func(r *objective.Row) { r.Span = objective.OfToken }),
		"product":             row(func(r *objective.Row) { r.Span = objective.OfAnswer }),
		"clip after the mean": row(func(r *objective.Row) { r.Within = nil }),
		"mean of what is not limited": row(func(r *objective.Row) {
			r.Within = func(x, _ float64) float64 { return x }
		}),
		"limited both ways": row(func(r *objective.Row) {
			r.Within = func(x, _ float64) float64 {
				return math.Max(math.Log(0.67), math.Min(math.Log(1.49), x))
			}
		}),
		"no standard deviation": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"sum over tokens": row(func(r *objective.Row) { r.Reduce = objective.SeqSum }),
	}),
})
