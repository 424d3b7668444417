package method

import "posttrain/core/param"

var _ = enter("raft", entry{
	bits: "0048b444116d2637",
	objective: func(_ param.Values, b []Group) func() float64 {
		return overTokens(b, func(g, _ int, c *Completion) float64 {
			if c.Reward <= 0 {
				return 0
			}
			for _, o := range b[g] {
				if o.Source == Rollout && o.Reward > c.Reward {
					return 0
				}
			}
			return total(c.Logp)
		})
	},
	mutants: mutants{
		"sign":                  scaled(-1),
		"wrong source":          row(func(r *Row) { r.From = Demo }),
		"all answers":           advantage(nil),
		"right ones alone":      advantage(IfCorrect),
		"weighed by reward":     advantage(PerCompletion(Reward)),
		"one of the best":       advantage(InGroup(Rollout, Reward, firstOfTheBest)),
		"the best of nothing":   advantage(InGroup(Rollout, Reward, bestOfAny)),
		"demonstrations better": advantage(overUnion(best)),
		"mean over answers":     row(func(r *Row) { r.Reduce = SeqMean }),
		"ratio to behaviour":    row(func(r *Row) { r.Denom = OverBehaviour }),
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

// bestOfAny imitates even where nothing was earned.
func bestOfAny(r []float64) {
	for i := range r {
		r[i] += 1e6
	}
	best(r)
}
