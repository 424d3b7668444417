package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("topr", entry{
	bits: "18b170f0ff29cf65",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		weight := map[*objective.Completion][]float64{}
		lab.Each(b, objective.Rollout, func(_, _ int, c *objective.Completion) {
			for t, lp := range c.Logp {
				ratio := math.Exp(lab.Total(c.Logp) - lab.Total(c.OldLogp))
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
		push := func(_, _ int, c *objective.Completion) float64 {
			return lab.Dot(weight[c], c.Logp) + v.Float("entropy")*lab.Total(c.Entropy)
		}
		if v.Choice("ratio") == "token" {
			return lab.OverTokens(b, push)
		}
		return lab.PerRollout(b, push)
	},
	mutants: mutants{
		"sign":             scaled(-1),
		"no entropy bonus": only(0),
		"no taper": row(func(r *objective.Row) {
			r.Ratio = func(float64, float64) float64 {
				return 1
			}
		}),
		"good ones taper": row(func(r *objective.Row) {
			r.Ratio = func(x, _ float64) float64 {
				return min(x, 1)
			}
		}),
		"no cap":              row(func(r *objective.Row) { r.Ratio = nil }),
		"ratio of the token":  row(func(r *objective.Row) { r.Span = objective.OfToken }),
		"a token's share":     row(func(r *objective.Row) { r.Span = objective.OfMean }),
		"rewards not centred": advantage(objective.PerCompletion(objective.Reward)),
		"with a baseline": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"mean over sequences":  row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"mean over tokens":     row(func(r *objective.Row) { r.Reduce = objective.TokenMean }),
		"bonus over sequences": bonus(objective.SeqMean),
	},
})
