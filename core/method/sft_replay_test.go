package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("sft_replay", entry{
	bits: "b1d22a7c92dfea54",
	objective: func(_ param.Values, b []objective.Group) func() float64 {
		return func() float64 {
			s, n := 0.0, 0.0
			lab.Each(b, objective.Demo, func(_, _ int, c *objective.Completion) {
				s, n = s+lab.Total(c.Logp), n+float64(len(c.Logp))
			})
			return lab.Over(s, n)
		}
	},
	mutants: mutants{
		"sign":                scaled(-1),
		"scale":               scaled(0.5),
		"wrong source":        row(func(r *objective.Row) { r.From = objective.Rollout }),
		"mean over sequences": row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"sum over tokens":     row(func(r *objective.Row) { r.Reduce = objective.SeqSum }),
	},
})
