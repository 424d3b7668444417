package method

import "posttrain/core/param"

var _ = enter("grpo", entry{
	baseline: true,
	bits:     "c1c0b4c4b80eabb8",
	objective: func(v param.Values, b []Group) func() float64 {
		paid := charged(v, b)
		return perRollout(b, func(g, i int, c *Completion) float64 {
			m, std := meanStd(paid[g])
			return clipped(v, c, (paid[g][i].Reward-m)/(std+1e-4)) / float64(len(c.Logp))
		})
	},
	mutants: with(clippedMutants, mutants{
		"reward of demos":       row(func(r *Row) { r.Advantage = overUnion(ZScore) }),
		"no standard deviation": row(func(r *Row) { r.Advantage = InGroup(Rollout, Reward, Centred) }),
		"sum over tokens":       row(func(r *Row) { r.Reduce = SeqSum }),
		"bonus over tokens":     bonus(TokenMean),
	}),
})
