package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("gspo", entry{
	baseline: true,
	bits:     "6b3d5e5b7db6891e",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		a := zscores(charged(v, b))
		return lab.PerRollout(b, func(g, i int, c *objective.Completion) float64 {
			n := float64(len(c.Logp))
			s := math.Exp((lab.Total(c.Logp) - lab.Total(c.OldLogp)) / n)
			bounded := math.Max(1-v.Float("eps_low"), math.Min(1+v.Float("eps_high"), s))
			return dual(v, math.Min(s*a(g, i), bounded*a(g, i)), a(g, i)) + bonusLessKL(v, c)/n
		})
	},
	mutants: with(without(clippedMutants, "sequence ratio"), mutants{
		"token ratio": row(func(r *objective.Row) { r.Span = objective.OfToken }),
		"no standard deviation": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"sum over tokens": row(func(r *objective.Row) { r.Reduce = objective.SeqSum }),
	}),
})
