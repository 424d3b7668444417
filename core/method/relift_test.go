package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("relift", entry{
	bits: "72e311ae86d601ae",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		a, imitate := zscores(charged(v, b)), imitateTokens(v, b)
		reinforce := lab.PerRollout(b, func(g, i int, c *objective.Completion) float64 {
			return clipped(v, c, a(g, i)) / float64(len(c.Logp))
		})
		return func() float64 { return reinforce() + imitate() }
	},
	mutants: with(without(clippedMutants, "no entropy bonus"), mutants{
		"no bonus":             weight(1, 0),
		"rollouts only":        only(0),
		"demonstrations only":  only(2),
		"half imitation":       weight(2, 0.5),
		"other way of showing": summand(2, func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"learns from its own":  summand(2, func(r *objective.Row) { r.From = objective.Rollout }),
		"judged demonstrations": summand(2,
			func(r *objective.Row) { r.Advantage = objective.IfCorrect }),
		"reward of demos": advantage(overUnion(objective.ZScore)),
		"no deviation": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
	}),
})
