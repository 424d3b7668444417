package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("grpo", entry{
	baseline: true,
	bits:     "c1c0b4c4b80eabb8",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		paid := charged(v, b)
		return lab.PerRollout(b, func(g, i int, c *objective.Completion) float64 {
			m, std := meanStd(paid[g])
			return clipped(v, c, (paid[g][i].Reward-m)/(std+1e-4)) / float64(len(c.Logp))
		})
	},
	mutants: with(clippedMutants, mutants{
		"reward of demos": row(
			func(r *objective.Row) { r.Advantage = overUnion(objective.ZScore) }),
		"no standard deviation": row(func(r *objective.Row) {
			r.Advantage = objective.InGroup(objective.Rollout, objective.Reward, objective.Centred)
		}),
		"sum over tokens":   row(func(r *objective.Row) { r.Reduce = objective.SeqSum }),
		"bonus over tokens": bonus(objective.TokenMean),
	}),
})
