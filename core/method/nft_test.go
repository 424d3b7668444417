package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("nft", entry{
	bits: "47a6423cf5a659b5",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		q, floor := make([]float64, len(b)), map[*objective.Completion][]float64{}
		for g := range b {
			right, n := 0.0, 0.0
			lab.Each(b[g:g+1], objective.Rollout,
				func(_, _ int, c *objective.Completion) { right, n = right+full(c), n+1 })
			q[g] = math.Max(0.02, math.Min(0.98, lab.Over(right, n)))
		}
		// the ratio of the policy of wrong answers
		negative := func(g int, c *objective.Completion, t int) float64 {
			return (1 - q[g]*math.Exp(c.Logp[t]-c.OldLogp[t])) / (1 - q[g])
		}
		lab.Each(b, objective.Rollout, func(g, _ int, c *objective.Completion) {
			for t := range c.Logp {
				floor[c] = append(floor[c], math.Max(1, negative(g, c, t)))
			}
		})
		return lab.OverTokens(b, func(g, _ int, c *objective.Completion) (s float64) {
			for t, lp := range c.Logp {
				if c.Reward >= 1 {
					s += lp - c.OldLogp[t]
				} else {
					// log max(1, x), whose gradient goes through the max as if it were x's, over
					// the value
					s += v.Float("neg_weight") * negative(g, c, t) / floor[c][t]
				}
			}
			return s*[...]float64{1, 1 - q[g], math.Sqrt((1 - q[g]) / q[g])}[v.Int("mode")] +
				v.Float("entropy")*lab.Total(c.Entropy)
		})
	},
	mutants: mutants{
		"sign":             scaled(-1),
		"no entropy bonus": only(0),
		"mode 0": advantage(objective.InGroup(objective.Rollout,
			objective.BinaryReward, nftWeights(0, 1))),
		"mode 2": advantage(objective.InGroup(objective.Rollout,
			objective.BinaryReward, nftWeights(2, 1))),
		"right ones only": advantage(objective.InGroup(objective.Rollout,
			objective.BinaryReward, nftWeights(1, 0))),
		"no bounds": advantage(objective.InGroup(objective.Rollout,
			objective.BinaryReward, objective.Centred)),
		"partial credit": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"no floor":            row(func(r *objective.Row) { r.Select = nil }),
		"ratio of right ones": row(func(r *objective.Row) { r.Ratio = nil }),
		"no ratio of wrong one": row(func(r *objective.Row) {
			r.Ratio = func(float64, float64) float64 {
				return 1
			}
		}),
		"mean over sequences": row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
	},
})
