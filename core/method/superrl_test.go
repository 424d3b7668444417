package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("superrl", entry{
	bits: "35b4bdd94812cd66",
	objective: gated(func(_ param.Values, g objective.Group) bool {
		anyReward := false
		for _, c := range g {
			anyReward = anyReward || c.Source == objective.Rollout && c.Reward != 0
		}
		return !anyReward
	}, imitateTokens, func(v param.Values, b []objective.Group) func() float64 {
		a := zscores(charged(v, b))
		return lab.PerRollout(b, func(g, i int, c *objective.Completion) float64 {
			return clipped(v, c, a(g, i)) / float64(len(c.Logp))
		})
	}),
	mutants: with(with(gateMutants, reinforcedMutants(clippedMutants)), mutants{
		"partial credit ignored": gate(func(g *objective.Gate) {
			g.If = func(b objective.Group) bool {
				right, _ := objective.CountCorrect(b)
				return right == 0
			}
		}),
		"no deviation": reinforced(advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred))),
		"half imitation": gate(func(g *objective.Gate) {
			g.Then = objective.Sum{{Weight: 0.5, Objective: objective.Row{From: objective.Demo}}}
		}),
	}),
})
