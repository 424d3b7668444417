package method

import "posttrain/core/param"

var _ = enter("dr_grpo", entry{
	baseline: true,
	bits:     "ca314302b925e15b",
	objective: func(v param.Values, b []Group) func() float64 {
		paid := charged(v, b)
		return perRollout(b, func(g, i int, c *Completion) float64 {
			m, _ := meanStd(paid[g])
			return clipped(v, c, paid[g][i].Reward-m)
		})
	},
	mutants: with(clippedMutants, mutants{
		"reward of demos":     row(func(r *Row) { r.Advantage = overUnion(Centred) }),
		"standard deviation":  row(func(r *Row) { r.Advantage = InGroup(Rollout, Reward, ZScore) }),
		"mean over sequences": row(func(r *Row) { r.Reduce = SeqMean }),
		"leave-one-out":       row(func(r *Row) { r.Advantage = InGroup(Rollout, Reward, LeaveOneOut) }),
	}),
})
