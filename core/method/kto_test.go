package method

import (
	"math"

	"posttrain/core/param"
)

var _ = enter("kto", entry{
	bits: "ebc4447c3b11ac26",
	objective: func(v param.Values, b []Group) func() float64 {
		z, n := 0.0, 0.0
		for _, source := range []Source{Chosen, Rejected} {
			each(b, source, func(_, _ int, c *Completion) { z, n = z+moved(c), n+1 })
		}
		z = math.Max(0, over(z, n))
		value := func(x float64) float64 { return 1 / (1 + math.Exp(-v.Float("beta")*x)) }
		return func() float64 {
			s := 0.0
			each(b, Chosen, func(_, _ int, c *Completion) { s += value(moved(c) - z) })
			each(b, Rejected, func(_, _ int, c *Completion) { s += value(z - moved(c)) })
			return over(s, n)
		}
	},
	mutants: mutants{
		"sign":       scaled(-1),
		"twice":      scaled(2),
		"other beta": func(v param.Values, _ Objective) Objective { return prospect{2 * v.Float("beta")} },
		"in pairs": func(v param.Values, _ Objective) Objective {
			return Pairwise{Score: implicitReward(v.Float("beta")), Slope: preferBy(0), Requires: Logp | RefLogp}
		},
		"imitates": func(param.Values, Objective) Objective { return Row{From: Chosen} },
	},
})
