package method

import (
	"math"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("asft", entry{
	bits: "3c76a44cc482b6e2",
	objective: overDemos(func(v param.Values, c *objective.Completion, t int) func() float64 {
		p := math.Exp(c.Logp[t])
		return func() float64 { return p*c.Logp[t] - v.Float("beta")*klRefExact(c, t) }
	}),
	mutants: with(anchorMutants,
		mutants{"not weighed": row(func(r *objective.Row) { r.Denom = objective.OverPolicy })}),
})
