package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("entropy_adv", entry{
	baseline: true,
	bits:     "a4cff958d11e82ea",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		a, shaped := zscores(charged(v, b)), map[*objective.Completion][]float64{}
		lab.Each(b, objective.Rollout, func(g, i int, c *objective.Completion) {
			for _, h := range c.Entropy {
				shaped[c] = append(shaped[c],
					a(g, i)+math.Min(v.Float("alpha")*h, math.Abs(a(g, i))/v.Float("kappa")))
			}
		})
		return lab.OverTokens(b, func(_, _ int, c *objective.Completion) float64 {
			return clippedEach(v, c, func(t int) float64 { return shaped[c][t] })
		})
	},
	mutants: without(with(tokenMutants, mutants{
		"no entropy": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.ZScore)),
		"less of it": advantage(addEntropyTerm(objective.InGroup(objective.Rollout,
			objective.Reward, objective.ZScore), 0.2, 2)),
		"unbounded": advantage(addEntropyTerm(objective.InGroup(objective.Rollout,
			objective.Reward, objective.ZScore), 0.4, 1e-3)),
		"other bound": advantage(addEntropyTerm(objective.InGroup(objective.Rollout,
			objective.Reward, objective.ZScore), 0.4, 3)),
		"taken away": advantage(addEntropyTerm(objective.InGroup(objective.Rollout,
			objective.Reward, objective.ZScore), -0.4, 2)),
	}), "wider above"),
})
