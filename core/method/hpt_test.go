package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// gated returns the mean over the prompts of a batch of imitation where a prompt is hard and of
// reinforcement elsewhere, each averaged over its own part of the batch.
func gated(hard func(param.Values, objective.Group) bool, imitation,
	reinforcement func(param.Values,
	[]objective.Group) func() float64) func(param.Values, []objective.Group) func() float64 {
	return func(v param.Values, b []objective.Group) func() float64 {
		var failed, others []objective.Group
		for _, group := range b {
			if hard(v, group) {
				failed = append(failed, group)
			} else {
				others = append(others, group)
			}
		}
		imitate, reinforce := imitation(v, failed), reinforcement(v, others)
		return func() float64 {
			return (float64(len(failed))*imitate() +
				float64(len(others))*reinforce()) / float64(len(b))
		}
	}
}

// gate changes the objective's gate.
func gate(change func(*objective.Gate)) func(param.Values,
	objective.Objective) objective.Objective {
	return func(_ param.Values, o objective.Objective) objective.Objective {
		g := o.(objective.Gate)
		change(&g)
		return g
	}
}

// reinforced changes what a gate does with prompts that are not hard.
func reinforced(m func(param.Values, objective.Objective) objective.Objective) func(param.Values,
	objective.Objective) objective.Objective {
	return func(v param.Values, o objective.Objective) objective.Objective {
		g := o.(objective.Gate)
		g.Else = m(v, g.Else)
		return g
	}
}

func reinforcedMutants(m mutants) mutants {
	out := mutants{}
	for name, mutate := range m {
		out[name] = reinforced(mutate)
	}
	return out
}

var gateMutants = mutants{
	"never imitates":   gate(func(g *objective.Gate) { g.Then = nil }),
	"never reinforces": gate(func(g *objective.Gate) { g.Else = nil }),
	"the wrong way":    gate(func(g *objective.Gate) { g.Then, g.Else = g.Else, g.Then }),
	"not by share":     gate(func(g *objective.Gate) { g.ByShare = false }),
	"any mistake": gate(func(g *objective.Gate) {
		g.If = func(b objective.Group) bool {
			right, all := objective.CountCorrect(b)
			return right < all
		}
	}),
	"does both": func(_ param.Values, o objective.Objective) objective.Objective {
		return objective.Sum{{Weight: 1, Objective: o.(objective.Gate).Then},
			{Weight: 1, Objective: o.(objective.Gate).Else}}
	},
}

var imitateTokens = overDemos(func(_ param.Values, c *objective.Completion, t int) func() float64 {
	return func() float64 { return c.Logp[t] }
})

var _ = enter("hpt", entry{
	bits: "539ede96843113ef",
	objective: gated(func(v param.Values, g objective.Group) bool {
		right := 0
		for _, c := range g {
			if c.Source == objective.Rollout && c.Reward >= 1 {
				right++
			}
		}
		return right <= v.Int("gate")
	}, func(v param.Values, b []objective.Group) func() float64 {
		imitate := imitateTokens(v, b)
		return func() float64 { return v.Float("sft_coef") * imitate() }
	}, func(v param.Values, b []objective.Group) func() float64 {
		paid := charged(v, b)
		return lab.OverTokens(b, func(g, i int, c *objective.Completion) float64 {
			m, _ := meanStd(paid[g])
			return clipped(v, c, paid[g][i].Reward-m)
		})
	}),
	mutants: with(with(gateMutants, reinforcedMutants(tokenMutants)), mutants{
		"higher gate": gate(func(g *objective.Gate) {
			g.If = func(b objective.Group) bool {
				right, _ := objective.CountCorrect(b)
				return right <= 1
			}
		}),
		"half imitation": gate(func(g *objective.Gate) {
			g.Then = objective.Sum{{Weight: 0.5, Objective: objective.Row{From: objective.Demo}}}
		}),
		"with a deviation": reinforced(advantage(objective.InGroup(objective.Rollout,
			objective.Reward, objective.ZScore))),
	}),
})
