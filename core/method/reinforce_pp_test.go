package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("reinforce_pp", entry{
	bits: "848fbedd26639490",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		returns, n, mean, square := map[*objective.Completion][]float64{}, 0.0, 0.0, 0.0
		lab.Each(b, objective.Rollout, func(_, _ int, c *objective.Completion) {
			for t := range c.Logp {
				sum := 0.0
				for s := t; s < len(c.Logp); s++ {
					reward := -tax(v) * (c.OldLogp[s] - c.RefLogp[s])
					if s == len(c.Logp)-1 {
						reward += c.Reward
					}
					sum += math.Pow(v.Float("gamma"), float64(s-t)) * reward
				}
				returns[c] = append(returns[c], sum)
				mean, n = mean+sum, n+1
			}
		})
		mean /= n
		lab.Each(b, objective.Rollout, func(_, _ int, c *objective.Completion) {
			for _, x := range returns[c] {
				square += (x - mean) * (x - mean)
			}
		})
		std := math.Sqrt(square / n)
		return lab.OverTokens(b, func(_, _ int, c *objective.Completion) float64 {
			return clippedEach(v, c,
				func(t int) float64 { return (returns[c][t] - mean) / (std + 1e-4) })
		})
	},
	mutants: with(without(tokenMutants, "no KL", "KL sign"), mutants{
		"KL in the loss": row(func(r *objective.Row) { r.K3Weight = 0.2 }),
		"no KL":          advantage(objective.Whitened(returns(1, 0))),
		"KL sign":        advantage(objective.Whitened(returns(1, -0.2))),
		"discounted":     advantage(objective.Whitened(returns(0.9, 0.2))),
		"not whitened":   advantage(objective.PerToken(returns(1, 0.2))),
		"whitened by prompt": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.ZScore)),
	}),
})
