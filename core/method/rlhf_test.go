package method

import "posttrain/core/param"

var _ = enter("rlhf", entry{
	baseline: true,
	bits:     "c1c0b4c4b80eabb8", // grpo's
	objective: func(v param.Values, b []Group) func() float64 {
		advantage := zscores(charged(v, b))
		return perRollout(b, func(g, i int, c *Completion) float64 {
			return clipped(v, c, advantage(g, i)) / float64(len(c.Logp))
		})
	},
	mutants: with(clippedMutants, mutants{
		"score as it is":        advantage(PerCompletion(Reward)),
		"no standard deviation": advantage(InGroup(Rollout, Reward, Centred)),
		"the best alone":        advantage(InGroup(Rollout, FullMarks, ZScore)),
		"sum over tokens":       row(func(r *Row) { r.Reduce = SeqSum }),
		"bonus over tokens":     bonus(TokenMean),
	}),
})
