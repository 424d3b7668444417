package method

import (
	"math"

	"posttrain/core/param"
)

var _ = enter("srft", entry{
	bits: "9bbb83e613c788bd",
	objective: func(v param.Values, b []Group) func() float64 {
		entropy := map[*Completion]float64{}
		for _, group := range b {
			for _, c := range group {
				entropy[c] = total(c.Entropy) / float64(len(c.Entropy))
			}
		}
		demos := func() float64 {
			s, n := 0.0, 0.0
			each(b, Demo, func(g, _ int, c *Completion) {
				m, std := unionMeanStd(b[g])
				if !v.Flag("std") {
					std = 1 - 1e-4
				}
				for _, lp := range c.Logp {
					s += 0.5*math.Exp(-entropy[c])*lp + (c.Reward-m)/(std+1e-4)*math.Exp(lp)
					n++
				}
			})
			return over(s, n)
		}
		own := overTokens(b, func(_, _ int, c *Completion) float64 {
			if c.Reward >= 1 {
				return 0.1 * math.Exp(entropy[c]) * total(c.Logp)
			}
			return -total(c.Logp)
		})
		return func() float64 { return demos() + own() }
	},
	mutants: mutants{
		"sign":                scaled(-1),
		"demonstrations only": only(0),
		"own answers only":    only(1),
		"no imitation":        row(func(r *Row) { r.Extra = nil }),
		"imitates the unknown": row(func(r *Row) {
			r.Extra = PerCompletion(func(c *Completion) float64 { return 0.5 * math.Exp(mean(c.Entropy)) })
		}),
		"imitates token-wise":  row(func(r *Row) { r.Extra = PerToken(func(c *Completion) []float64 { return c.Entropy }) }),
		"no reinforcement":     advantage(PerCompletion(func(*Completion) float64 { return 0 })),
		"by the deviation":     advantage(InUnion(union, Reward, ZScore)),
		"judged alone":         advantage(InGroup(Demo, Reward, Centred)),
		"not weighed by p":     row(func(r *Row) { r.Denom = OverPolicy }),
		"sure ones count":      summand(1, func(r *Row) { r.Advantage = signed(func(h float64) float64 { return 0.1 * math.Exp(-h) }) }),
		"all right ones alike": summand(1, func(r *Row) { r.Advantage = signed(func(float64) float64 { return 0.1 }) }),
		"with a ratio":         summand(1, func(r *Row) { r.Denom = OverBehaviour }),
	},
})

// signed is −1 for a wrong answer and a function of the mean entropy for a right one.
func signed(f func(h float64) float64) Advantage {
	return PerCompletion(func(c *Completion) float64 {
		if Correct(c) {
			return f(mean(c.Entropy))
		}
		return -1
	})
}
