package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("maxrl", entry{
	baseline: true,
	bits:     "d16304804696428f",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		return lab.PerRollout(b, func(g, i int, c *objective.Completion) float64 {
			m, _ := meanStd(b[g])
			if m <= 0 {
				return clipped(v, c, -besides(v, b[g], c))
			}
			return clipped(v, c, c.Reward/m-1-besides(v, b[g], c))
		})
	},
	mutants: with(clippedMutants, mutants{
		"by the deviation": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.ZScore)),
		"not divided": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"without a baseline": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			func(r []float64) { divide(r, objective.Mean(r)) })),
		"reward of demos":     advantage(overUnion(OverMean)),
		"mean over sequences": row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"bonus over tokens":   bonus(objective.TokenMean),
	}),
})

func divide(r []float64, by float64) {
	for i := range r {
		r[i] = lab.Over(r[i], by)
	}
}
