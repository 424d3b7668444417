package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("mix", entry{
	bits: "67e0b6d66b93db2e",
	objective: blended(overDemos(func(_ param.Values, c *objective.Completion,
		t int) func() float64 {
		return func() float64 { return c.Logp[t] }
	})),
	mutants: with(blendMutants, mutants{"weighed by itself": summand(1,
		func(r *objective.Row) { r.Denom = objective.OverOne })}),
})
