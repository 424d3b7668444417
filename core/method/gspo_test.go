package method

import (
	"math"

	"posttrain/core/param"
)

var _ = enter("gspo", entry{
	baseline: true,
	bits:     "6b3d5e5b7db6891e",
	objective: func(v param.Values, b []Group) func() float64 {
		a := zscores(charged(v, b))
		return perRollout(b, func(g, i int, c *Completion) float64 {
			n := float64(len(c.Logp))
			s := math.Exp((total(c.Logp) - total(c.OldLogp)) / n)
			held := math.Max(1-v.Float("eps_low"), math.Min(1+v.Float("eps_high"), s))
			return math.Min(s*a(g, i), held*a(g, i)) + bonusLessKL(v, c)/n
		})
	},
	mutants: with(without(clippedMutants, "sequence ratio"), mutants{
		"token ratio":           row(func(r *Row) { r.Span = OfToken }),
		"no standard deviation": advantage(InGroup(Rollout, Reward, Centred)),
		"sum over tokens":       row(func(r *Row) { r.Reduce = SeqSum }),
	}),
})
