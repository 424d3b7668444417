package method

import (
	"math"

	"posttrain/core/param"
)

var _ = enter("entropy_adv", entry{
	baseline: true,
	bits:     "a4cff958d11e82ea",
	objective: func(v param.Values, b []Group) func() float64 {
		a, shaped := zscores(charged(v, b)), map[*Completion][]float64{}
		each(b, Rollout, func(g, i int, c *Completion) {
			for _, h := range c.Entropy {
				shaped[c] = append(shaped[c], a(g, i)+math.Min(v.Float("alpha")*h, math.Abs(a(g, i))/v.Float("kappa")))
			}
		})
		return overTokens(b, func(_, _ int, c *Completion) float64 {
			return clippedEach(v, c, func(t int) float64 { return shaped[c][t] })
		})
	},
	mutants: without(with(tokenMutants, mutants{
		"no entropy":  advantage(InGroup(Rollout, Reward, ZScore)),
		"less of it":  advantage(curious(InGroup(Rollout, Reward, ZScore), 0.2, 2)),
		"unbounded":   advantage(curious(InGroup(Rollout, Reward, ZScore), 0.4, 1e-3)),
		"other bound": advantage(curious(InGroup(Rollout, Reward, ZScore), 0.4, 3)),
		"taken away":  advantage(curious(InGroup(Rollout, Reward, ZScore), -0.4, 2)),
	}), "wider above"),
})
