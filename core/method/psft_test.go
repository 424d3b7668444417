package method

import (
	"math"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("psft", entry{
	bits: "b2c99b171fa3544c",
	objective: overDemos(func(v param.Values, c *objective.Completion, t int) func() float64 {
		return func() float64 {
			return math.Min(math.Exp(c.Logp[t]-c.OldLogp[t]), 1+v.Float("eps_high"))
		}
	}),
	mutants: with(imitationMutants, mutants{
		"no clip":  row(func(r *objective.Row) { r.Mask = nil }),
		"narrower": row(func(r *objective.Row) { r.Mask = objective.Clip(0, 0.2) }),
		"clipped below": row(func(r *objective.Row) {
			r.Mask = func(x, _ float64) float64 { return objective.Clip(0.2, 0.28)(x, -1) }
		}),
		"no ratio": row(func(r *objective.Row) {
			r.Ratio = func(float64, float64) float64 {
				return 1
			}
		}),
		"ratio to reference": row(func(r *objective.Row) { r.Denom = objective.OverReference }),
	}),
})
