package method

import "github.com/posttrain/posttrain/core/param"

var _ = enter("spin", entry{
	bits:      "cc74ffa34077a741",
	objective: dpoObjective(func(param.Values) float64 { return 0 }),
	mutants:   pairMutants,
})
