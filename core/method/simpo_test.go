package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("simpo", entry{
	bits: "3aa464d196c0bb58",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		average := func(c *objective.Completion) float64 {
			return lab.Total(c.Logp) / float64(len(c.Logp))
		}
		return lab.PerPair(b, func(w, l *objective.Completion) float64 {
			return logSigmoid(v.Float("beta")*(average(w)-average(l)) - v.Float("gamma"))
		})
	},
	mutants: with(pairMutants, mutants{
		"no margin": pairwise(func(_ param.Values, p *objective.Pairwise) {
			p.Slope = objective.PreferenceSlope(0)
		}),
		"relative to ref": pairwise(func(v param.Values, p *objective.Pairwise) {
			p.Score = objective.ImplicitReward(v.Float("beta"))
		}),
		"margin times two": pairwise(func(v param.Values, p *objective.Pairwise) {
			p.Slope = func(m float64) float64 { return objective.Sigmoid(2*v.Float("gamma") - m) }
		}),
	}),
})
