package method

import (
	"math"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("dft", entry{
	bits: "54fa8401ef9194a3",
	objective: overDemos(func(_ param.Values, c *objective.Completion, t int) func() float64 {
		// the slope of π is that of sg(π)·log π
		return func() float64 { return math.Exp(c.Logp[t]) }
	}),
	mutants: with(imitationMutants, mutants{
		"not weighed":         row(func(r *objective.Row) { r.Denom = objective.OverPolicy }),
		"by the reference":    row(func(r *objective.Row) { r.Denom = objective.OverReference }),
		"by the whole answer": row(func(r *objective.Row) { r.Span = objective.OfMean }),
		"squared": row(func(r *objective.Row) {
			r.Ratio = func(x, _ float64) float64 {
				return x * x
			}
		}),
	}),
})
