package method

import "posttrain/core/param"

var _ = enter("simpo", entry{
	bits: "3aa464d196c0bb58",
	objective: func(v param.Values, b []Group) func() float64 {
		average := func(c *Completion) float64 { return total(c.Logp) / float64(len(c.Logp)) }
		return perPair(b, func(w, l *Completion) float64 {
			return logSigmoid(v.Float("beta")*(average(w)-average(l)) - v.Float("gamma"))
		})
	},
	mutants: with(pairMutants, mutants{
		"no margin":       pairwise(func(_ param.Values, p *Pairwise) { p.Slope = preferBy(0) }),
		"relative to ref": pairwise(func(v param.Values, p *Pairwise) { p.Score = implicitReward(v.Float("beta")) }),
		"margin times two": pairwise(func(v param.Values, p *Pairwise) {
			p.Slope = func(m float64) float64 { return sigmoid(2*v.Float("gamma") - m) }
		}),
	}),
})
