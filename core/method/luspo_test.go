package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("luspo", entry{
	baseline: true,
	bits:     "10d2cce3497ac81b",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		a := zscores(charged(v, b))
		return lab.PerRollout(b, func(g, i int, c *objective.Completion) float64 {
			n := float64(len(c.Logp))
			s := math.Exp((lab.Total(c.Logp) - lab.Total(c.OldLogp)) / n)
			bounded := math.Max(1-v.Float("eps_low"), math.Min(1+v.Float("eps_high"), s))
			return n*dual(v, math.Min(s*a(g, i), bounded*a(g, i)), a(g, i)) + bonusLessKL(v, c)
		})
	},
	mutants: with(without(clippedMutants, "sequence ratio"), mutants{
		"token ratio":        row(func(r *objective.Row) { r.Span = objective.OfToken }),
		"ratio of all":       row(func(r *objective.Row) { r.Span = objective.OfAnswer }),
		"not by the length":  row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"bonus over answers": bonus(objective.SeqMean),
		"no standard deviation": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
	}),
})
