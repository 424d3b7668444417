package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("srft", entry{
	bits: "9bbb83e613c788bd",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		entropy := map[*objective.Completion]float64{}
		for _, group := range b {
			for _, c := range group {
				entropy[c] = lab.Total(c.Entropy) / float64(len(c.Entropy))
			}
		}
		demos := func() float64 {
			s, n := 0.0, 0.0
			lab.Each(b, objective.Demo, func(g, _ int, c *objective.Completion) {
				m, std := unionMeanStd(b[g])
				if !v.Flag("std") {
					std = 1 - 1e-4
				}
				for _, lp := range c.Logp {
					s += 0.5*math.Exp(-entropy[c])*lp + (c.Reward-m)/(std+1e-4)*math.Exp(lp)
					n++
				}
			})
			return lab.Over(s, n)
		}
		own := lab.OverTokens(b, func(_, _ int, c *objective.Completion) float64 {
			if c.Reward >= 1 {
				return 0.1 * math.Exp(entropy[c]) * lab.Total(c.Logp)
			}
			return -lab.Total(c.Logp)
		})
		return func() float64 { return demos() + own() }
	},
	mutants: mutants{
		"sign":                scaled(-1),
		"demonstrations only": only(0),
		"own answers only":    only(1),
		"no imitation":        row(func(r *objective.Row) { r.Extra = nil }),
		"imitates the unknown": row(func(r *objective.Row) {
			r.Extra = objective.PerCompletion(func(c *objective.Completion) float64 {
				return 0.5 * math.Exp(objective.Mean(c.Entropy))
			})
		}),
		"imitates token-wise": row(func(r *objective.Row) {
			r.Extra = objective.PerToken(
				func(c *objective.Completion) []float64 { return c.Entropy })
		}),
		"no reinforcement": advantage(
			objective.PerCompletion(func(*objective.Completion) float64 { return 0 })),
		"by the deviation": advantage(objective.InUnion(objective.RolloutsAndDemos(),
			objective.Reward, objective.ZScore)),
		"judged alone": advantage(objective.InGroup(objective.Demo, objective.Reward,
			objective.Centred)),
		"not weighed by p": row(func(r *objective.Row) { r.Denom = objective.OverPolicy }),
		"sure ones count": summand(1, func(r *objective.Row) {
			r.Advantage = signed(func(h float64) float64 { return 0.1 * math.Exp(-h) })
		}),
		"all right ones alike": summand(1,
			func(r *objective.Row) { r.Advantage = signed(func(float64) float64 { return 0.1 }) }),
		"with a ratio": summand(1, func(r *objective.Row) { r.Denom = objective.OverBehaviour }),
	},
})

// signed returns an advantage: −1 for a wrong answer and a function of the mean entropy for a right
// one.
func signed(f func(h float64) float64) objective.Advantage {
	return objective.PerCompletion(func(c *objective.Completion) float64 {
		if objective.Correct(c) {
			return f(objective.Mean(c.Entropy))
		}
		return -1
	})
}
