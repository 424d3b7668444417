package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("dr_grpo", entry{
	baseline: true,
	bits:     "ca314302b925e15b",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		paid := charged(v, b)
		return lab.PerRollout(b, func(g, i int, c *objective.Completion) float64 {
			m, _ := meanStd(paid[g])
			return clipped(v, c, paid[g][i].Reward-m)
		})
	},
	mutants: with(clippedMutants, mutants{
		"reward of demos": row(
			func(r *objective.Row) { r.Advantage = overUnion(objective.Centred) }),
		"standard deviation": row(func(r *objective.Row) {
			r.Advantage = objective.InGroup(objective.Rollout, objective.Reward, objective.ZScore)
		}),
		"mean over sequences": row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"leave-one-out": row(func(r *objective.Row) {
			r.Advantage = objective.InGroup(objective.Rollout, objective.Reward,
				objective.LeaveOneOut)
		}),
	}),
})
