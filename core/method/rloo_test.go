package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("rloo", entry{
	baseline: true,
	bits:     "a51619248cae3840",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		paid := charged(v, b)
		return lab.PerRollout(b, func(g, i int, c *objective.Completion) float64 {
			others, n := 0.0, 0.0
			for j, o := range paid[g] {
				if o.Source == objective.Rollout && j != i {
					others, n = others+o.Reward, n+1
				}
			}
			bonus := bonusLessKL(v, c)
			if n == 0 {
				return bonus
			}
			return (paid[g][i].Reward-others/n)*lab.Total(c.Logp) + bonus
		})
	},
	mutants: mutants{
		"sign":             scaled(-1),
		"no entropy bonus": only(0),
		"mean of all": row(func(r *objective.Row) {
			r.Advantage = objective.InGroup(objective.Rollout,
				objective.LessK1(0.2, objective.Reward), objective.Centred)
		}),
		"no KL": row(func(r *objective.Row) {
			r.Advantage = objective.InGroup(objective.Rollout, objective.Reward,
				objective.LeaveOneOut)
		}),
		"KL sign": row(func(r *objective.Row) {
			r.Advantage = objective.InGroup(objective.Rollout,
				objective.LessK1(-0.2, objective.Reward), objective.LeaveOneOut)
		}),
		"KL in the loss too": row(func(r *objective.Row) { r.K3Weight = 0.2 }),
		"ratio to behaviour": row(func(r *objective.Row) { r.Denom = objective.OverBehaviour }),
		"mean over tokens":   row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
	},
})
