package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("rlhf", entry{
	baseline: true,
	bits:     "c1c0b4c4b80eabb8", // grpo's
	objective: func(v param.Values, b []objective.Group) func() float64 {
		advantage := zscores(charged(v, b))
		return lab.PerRollout(b, func(g, i int, c *objective.Completion) float64 {
			return clipped(v, c, advantage(g, i)) / float64(len(c.Logp))
		})
	},
	mutants: with(clippedMutants, mutants{
		"score as it is": advantage(objective.PerCompletion(objective.Reward)),
		"no standard deviation": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"the best alone": advantage(objective.InGroup(objective.Rollout,
			objective.BinaryReward, objective.ZScore)),
		"sum over tokens":   row(func(r *objective.Row) { r.Reduce = objective.SeqSum }),
		"bonus over tokens": bonus(objective.TokenMean),
	}),
})
