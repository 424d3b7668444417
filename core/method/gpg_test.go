package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("gpg", entry{
	baseline: true,
	bits:     "6e2473f03fe2839e",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		paid := charged(v, b)
		all, equal := 0.0, 0.0
		for _, group := range paid {
			n, least, most := 0.0, math.Inf(1), math.Inf(-1)
			lab.Each([]objective.Group{group}, objective.Rollout,
				func(_, _ int, c *objective.Completion) {
					n, least, most = n+1, math.Min(least, c.Reward), math.Max(most, c.Reward)
				})
			all += n
			if least == most {
				equal += n
			}
		}
		alpha := lab.Over(all, all-equal)
		return lab.OverTokens(b, func(g, i int, c *objective.Completion) float64 {
			m, f := meanStd(paid[g])
			if f += 1e-4; v.Choice("norm") == "none" {
				f = 1
			}
			return alpha*(paid[g][i].Reward-m)/f*lab.Total(c.Logp) + bonusLessKL(v, c)
		})
	},
	mutants: mutants{
		"sign":             scaled(-1),
		"no entropy bonus": only(0),
		"no KL":            row(func(r *objective.Row) { r.K3Weight = 0 }),
		"not rescaled": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"by the deviation": advantage(perTeachingAnswer(objective.Reward, objective.ZScore)),
		"no baseline":      advantage(perTeachingAnswer(objective.Reward, func([]float64) {})),
		"reward of demos": row(
			func(r *objective.Row) { r.Advantage = overUnion(objective.Centred) }),
		// the factor of verl's code, which counts answers without any reward
		"where nothing was earned": row(func(r *objective.Row) {
			r.Advantage = func(batch []objective.Group) func(g, i int) []float64 {
				all, earned := 0.0, 0.0
				lab.Each(batch, objective.Rollout, func(_, _ int, c *objective.Completion) {
					if all++; c.Reward != 0 {
						earned++
					}
				})
				own := objective.InGroup(objective.Rollout, objective.Reward,
					objective.Centred)(batch)
				return func(g, i int) []float64 {
					return []float64{all / math.Max(1, earned) * own(g, i)[0]}
				}
			}
		}),
		"a ratio":             row(func(r *objective.Row) { r.Denom = objective.OverBehaviour }),
		"mean over sequences": row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"wrong source":        row(func(r *objective.Row) { r.From = objective.Demo }),
	},
})
