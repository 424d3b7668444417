package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("opo", entry{
	baseline: true,
	bits:     "cdfb0af9a237891f",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		return lab.PerRollout(b, func(g, _ int, c *objective.Completion) float64 {
			weighted, tokens := 0.0, 0.0
			for _, o := range b[g] {
				if o.Source == objective.Rollout {
					weighted += float64(len(o.Logp)) * o.Reward
					tokens += float64(len(o.Logp))
				}
			}
			return (c.Reward-weighted/tokens)*lab.Total(c.Logp) +
				v.Float("entropy")*lab.Total(c.Entropy)
		})
	},
	mutants: mutants{
		"sign":             scaled(-1),
		"no entropy bonus": only(0),
		"the plain mean": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"leave-one-out": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.LeaveOneOut)),
		"no baseline":         advantage(objective.PerCompletion(objective.Reward)),
		"mean over tokens":    row(func(r *objective.Row) { r.Reduce = objective.TokenMean }),
		"mean over sequences": row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"a ratio":             row(func(r *objective.Row) { r.Denom = objective.OverBehaviour }),
		"wrong source":        row(func(r *objective.Row) { r.From = objective.Demo }),
	},
})
