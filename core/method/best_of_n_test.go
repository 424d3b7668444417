package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("best_of_n", entry{
	bits: "cd7014a61ba55822",
	objective: func(_ param.Values, b []objective.Group) func() float64 {
		return lab.OverTokens(b,
			func(_, _ int, c *objective.Completion) float64 { return lab.Total(c.Logp) })
	},
	mutants: mutants{
		"sign":              scaled(-1),
		"wrong source":      row(func(r *objective.Row) { r.From = objective.Demo }),
		"weighed by reward": advantage(objective.PerCompletion(objective.Reward)),
		"against the others": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"only right ones":   advantage(objective.IfCorrect),
		"mean over answers": row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"sum over tokens":   row(func(r *objective.Row) { r.Reduce = objective.SeqSum }),
		"probability":       row(func(r *objective.Row) { r.Denom = objective.OverOne }),
	},
})
