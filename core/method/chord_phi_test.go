package method

import (
	"math"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("chord_phi", entry{
	bits: "88c94624da59d203",
	objective: blended(overDemos(func(_ param.Values, c *objective.Completion,
		t int) func() float64 {
		phi := math.Exp(c.Logp[t]) - math.Exp(2*c.Logp[t])
		return func() float64 { return phi * c.Logp[t] }
	})),
	mutants: with(chordMutants, mutants{
		"not weighed": summand(1,
			func(r *objective.Row) { r.Denom = objective.OverPolicy; r.Ratio = nil }),
		"by p": summand(1, func(r *objective.Row) { r.Ratio = nil }),
		"by 1 − p": summand(1,
			func(r *objective.Row) { r.Ratio = func(p, _ float64) float64 { return 1 - p } }),
		"of the answer": summand(1, func(r *objective.Row) { r.Span = objective.OfMean }),
	}),
})
