package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("ipo", entry{
	bits: "6def096a2c97e3d1",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		average := func(c *objective.Completion) float64 { return moved(c) / float64(len(c.Logp)) }
		return lab.PerPair(b, func(w, l *objective.Completion) float64 {
			d := average(w) - average(l) - 1/(2*v.Float("tau"))
			return -d * d
		})
	},
	mutants: with(pairMutants, mutants{
		"target 1/tau": pairwise(func(v param.Values, p *objective.Pairwise) {
			p.Slope = func(m float64) float64 { return -2 * (m - 1/v.Float("tau")) }
		}),
		"sum over tokens": pairwise(func(_ param.Values, p *objective.Pairwise) {
			p.Score = objective.ImplicitReward(1)
		}),
	}),
})
