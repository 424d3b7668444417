package method

import "posttrain/core/param"

var _ = enter("superrl", entry{
	bits: "35b4bdd94812cd66",
	objective: gated(func(_ param.Values, g Group) bool {
		earned := false
		for _, c := range g {
			earned = earned || c.Source == Rollout && c.Reward != 0
		}
		return !earned
	}, imitateTokens, func(v param.Values, b []Group) func() float64 {
		a := zscores(charged(v, b))
		return perRollout(b, func(g, i int, c *Completion) float64 { return clipped(v, c, a(g, i)) / float64(len(c.Logp)) })
	}),
	mutants: with(with(gateMutants, reinforcedMutants(clippedMutants)), mutants{
		"partial credit ignored": gate(func(g *Gate) { g.If = func(b Group) bool { right, _ := solved(b); return right == 0 } }),
		"no deviation":           reinforced(advantage(InGroup(Rollout, Reward, Centred))),
		"half imitation":         gate(func(g *Gate) { g.Then = Sum{{0.5, Row{From: Demo}}} }),
	}),
})
