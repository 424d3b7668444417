package method

import "posttrain/core/param"

var _ = enter("maxrl", entry{
	baseline: true,
	bits:     "d16304804696428f",
	objective: func(v param.Values, b []Group) func() float64 {
		return perRollout(b, func(g, i int, c *Completion) float64 {
			m, _ := meanStd(b[g])
			if m <= 0 {
				return clipped(v, c, -besides(v, b[g], c))
			}
			return clipped(v, c, c.Reward/m-1-besides(v, b[g], c))
		})
	},
	mutants: with(clippedMutants, mutants{
		"by the deviation":    advantage(InGroup(Rollout, Reward, ZScore)),
		"not divided":         advantage(InGroup(Rollout, Reward, Centred)),
		"without a baseline":  advantage(InGroup(Rollout, Reward, func(r []float64) { divide(r, mean(r)) })),
		"reward of demos":     advantage(overUnion(OverMean)),
		"mean over sequences": row(func(r *Row) { r.Reduce = SeqMean }),
		"bonus over tokens":   bonus(TokenMean),
	}),
})

func divide(r []float64, by float64) {
	for i := range r {
		r[i] = over(r[i], by)
	}
}
