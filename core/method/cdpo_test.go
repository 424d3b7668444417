package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("cdpo", entry{
	bits:      "086c2acd798add79",
	objective: dpoObjective(func(v param.Values) float64 { return v.Float("epsilon") }),
	mutants: with(pairMutants, mutants{
		"believes every label": pairwise(func(_ param.Values, p *objective.Pairwise) {
			p.Slope = objective.PreferenceSlope(0)
		}),
	}),
})
