package method

import "posttrain/core/param"

// gated is the mean over the prompts of a batch of imitation where a prompt is hard and of reinforcement elsewhere,
// each averaged over its own part of the batch.
func gated(hard func(param.Values, Group) bool, imitation, reinforcement func(param.Values, []Group) func() float64) func(param.Values, []Group) func() float64 {
	return func(v param.Values, b []Group) func() float64 {
		var failed, others []Group
		for _, group := range b {
			if hard(v, group) {
				failed = append(failed, group)
			} else {
				others = append(others, group)
			}
		}
		imitate, reinforce := imitation(v, failed), reinforcement(v, others)
		return func() float64 {
			return (float64(len(failed))*imitate() + float64(len(others))*reinforce()) / float64(len(b))
		}
	}
}

// gate changes the objective's gate.
func gate(change func(*Gate)) func(param.Values, Objective) Objective {
	return func(_ param.Values, o Objective) Objective {
		g := o.(Gate)
		change(&g)
		return g
	}
}

// reinforced changes what a gate does with prompts that are not hard.
func reinforced(m func(param.Values, Objective) Objective) func(param.Values, Objective) Objective {
	return func(v param.Values, o Objective) Objective {
		g := o.(Gate)
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
	"never imitates":   gate(func(g *Gate) { g.Then = nil }),
	"never reinforces": gate(func(g *Gate) { g.Else = nil }),
	"the wrong way":    gate(func(g *Gate) { g.Then, g.Else = g.Else, g.Then }),
	"not by share":     gate(func(g *Gate) { g.ByShare = false }),
	"any mistake":      gate(func(g *Gate) { g.If = func(b Group) bool { right, all := solved(b); return right < all } }),
	"does both":        func(_ param.Values, o Objective) Objective { return Sum{{1, o.(Gate).Then}, {1, o.(Gate).Else}} },
}

var imitateTokens = overDemos(func(_ param.Values, c *Completion, t int) func() float64 {
	return func() float64 { return c.Logp[t] }
})

var _ = enter("hpt", entry{
	bits: "539ede96843113ef",
	objective: gated(func(v param.Values, g Group) bool {
		right := 0
		for _, c := range g {
			if c.Source == Rollout && c.Reward >= 1 {
				right++
			}
		}
		return right <= v.Int("gate")
	}, func(v param.Values, b []Group) func() float64 {
		imitate := imitateTokens(v, b)
		return func() float64 { return v.Float("sft_coef") * imitate() }
	}, func(v param.Values, b []Group) func() float64 {
		paid := charged(v, b)
		return overTokens(b, func(g, i int, c *Completion) float64 {
			m, _ := meanStd(paid[g])
			return clipped(v, c, paid[g][i].Reward-m)
		})
	}),
	mutants: with(with(gateMutants, reinforcedMutants(tokenMutants)), mutants{
		"higher gate":      gate(func(g *Gate) { g.If = func(b Group) bool { right, _ := solved(b); return right <= 1 } }),
		"half imitation":   gate(func(g *Gate) { g.Then = Sum{{0.5, Row{From: Demo}}} }),
		"with a deviation": reinforced(advantage(InGroup(Rollout, Reward, ZScore))),
	}),
})
