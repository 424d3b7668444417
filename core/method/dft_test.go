package method

import (
	"math"

	"posttrain/core/param"
)

var _ = enter("dft", entry{
	bits: "54fa8401ef9194a3",
	objective: overDemos(func(_ param.Values, c *Completion, t int) func() float64 {
		return func() float64 { return math.Exp(c.Logp[t]) } // the slope of π is that of sg(π)·log π
	}),
	mutants: with(imitationMutants, mutants{
		"not weighed":         row(func(r *Row) { r.Denom = OverPolicy }),
		"by the reference":    row(func(r *Row) { r.Denom = OverReference }),
		"by the whole answer": row(func(r *Row) { r.Span = OfMean }),
		"squared":             row(func(r *Row) { r.Ratio = func(x, _ float64) float64 { return x * x } }),
	}),
})
