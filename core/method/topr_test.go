package method

import (
	"math"

	"posttrain/core/param"
)

var _ = enter("topr", entry{
	bits: "18b170f0ff29cf65",
	objective: func(v param.Values, b []Group) func() float64 {
		weight := map[*Completion][]float64{}
		each(b, Rollout, func(_, _ int, c *Completion) {
			for t, lp := range c.Logp {
				ratio := math.Exp(total(c.Logp) - total(c.OldLogp))
				if v.Choice("ratio") == "token" {
					ratio = math.Exp(lp - c.OldLogp[t])
				}
				w := 2*c.Reward - 1
				if w <= 0 {
					w *= math.Min(1, ratio)
				}
				weight[c] = append(weight[c], w)
			}
		})
		push := func(_, _ int, c *Completion) float64 {
			return dot(weight[c], c.Logp) + v.Float("entropy")*total(c.Entropy)
		}
		if v.Choice("ratio") == "token" {
			return overTokens(b, push)
		}
		return perRollout(b, push)
	},
	mutants: mutants{
		"sign":                 scaled(-1),
		"no entropy bonus":     only(0),
		"no taper":             row(func(r *Row) { r.Ratio = func(float64, float64) float64 { return 1 } }),
		"good ones taper":      row(func(r *Row) { r.Ratio = func(x, _ float64) float64 { return min(x, 1) } }),
		"no cap":               row(func(r *Row) { r.Ratio = nil }),
		"ratio of the token":   row(func(r *Row) { r.Span = OfToken }),
		"a token's share":      row(func(r *Row) { r.Span = OfMean }),
		"rewards not centred":  advantage(PerCompletion(Reward)),
		"with a baseline":      advantage(InGroup(Rollout, Reward, Centred)),
		"mean over sequences":  row(func(r *Row) { r.Reduce = SeqMean }),
		"mean over tokens":     row(func(r *Row) { r.Reduce = TokenMean }),
		"bonus over sequences": bonus(SeqMean),
	},
})
