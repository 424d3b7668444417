package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("reinforce", entry{
	baseline: true,
	bits:     "5f74d2ef95f3c15e",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		return lab.PerRollout(b, func(g, i int, c *objective.Completion) float64 {
			m, _ := meanStd(b[g])
			return (c.Reward-m)*lab.Total(c.Logp) + v.Float("entropy")*lab.Total(c.Entropy)
		})
	},
	mutants: mutants{
		"sign":             scaled(-1),
		"no entropy bonus": only(0),
		"no baseline": row(func(r *objective.Row) {
			r.Advantage = objective.InGroup(objective.Rollout, objective.Reward, func([]float64) {})
		}),
		"leave-one-out": row(func(r *objective.Row) {
			r.Advantage = objective.InGroup(objective.Rollout, objective.Reward,
				objective.LeaveOneOut)
		}),
		"standard deviation": row(func(r *objective.Row) {
			r.Advantage = objective.InGroup(objective.Rollout, objective.Reward, objective.ZScore)
		}),
		"ratio to behaviour": row(func(r *objective.Row) { r.Denom = objective.OverBehaviour }),
		"mean over tokens":   row(func(r *objective.Row) { r.Reduce = objective.TokenMean }),
		"reward of demos": row(
			func(r *objective.Row) { r.Advantage = overUnion(objective.Centred) }),
		"KL in the loss": row(func(r *objective.Row) { r.K3Weight = 0.04 }),
		"wrong source":   row(func(r *objective.Row) { r.From = objective.Demo }),
		"half the tokens": row(func(r *objective.Row) {
			r.Select = func([]objective.Group) func(g, i, t int) float64 { return lab.Odd }
		}),
		"bonus over tokens": bonus(objective.TokenMean),
	},
})
