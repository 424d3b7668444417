package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("raft", entry{
	bits: "0048b444116d2637",
	objective: func(_ param.Values, b []objective.Group) func() float64 {
		return lab.OverTokens(b, func(g, _ int, c *objective.Completion) float64 {
			if c.Reward <= 0 {
				return 0
			}
			for _, o := range b[g] {
				if o.Source == objective.Rollout && o.Reward > c.Reward {
					return 0
				}
			}
			return lab.Total(c.Logp)
		})
	},
	mutants: mutants{
		"sign":              scaled(-1),
		"wrong source":      row(func(r *objective.Row) { r.From = objective.Demo }),
		"all answers":       advantage(nil),
		"right ones alone":  advantage(objective.IfCorrect),
		"weighed by reward": advantage(objective.PerCompletion(objective.Reward)),
		"one of the best": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			firstOfTheBest)),
		"the best of nothing": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			bestOfAny)),
		"demonstrations better": advantage(overUnion(best)),
		"mean over answers":     row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"ratio to behaviour":    row(func(r *objective.Row) { r.Denom = objective.OverBehaviour }),
	},
})

// firstOfTheBest breaks ties, as raft does not.
func firstOfTheBest(r []float64) {
	best(r)
	found := false
	for i, x := range r {
		if found {
			r[i] = 0
		}
		found = found || x == 1
	}
}

// bestOfAny imitates even if no rollout has a reward.
func bestOfAny(r []float64) {
	for i := range r {
		r[i] += 1e6
	}
	best(r)
}
