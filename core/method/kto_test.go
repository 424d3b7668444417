package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("kto", entry{
	bits: "ebc4447c3b11ac26",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		z, n := 0.0, 0.0
		for _, source := range []objective.Source{objective.Chosen, objective.Rejected} {
			lab.Each(b, source, func(_, _ int, c *objective.Completion) { z, n = z+moved(c), n+1 })
		}
		z = math.Max(0, lab.Over(z, n))
		value := func(x float64) float64 { return 1 / (1 + math.Exp(-v.Float("beta")*x)) }
		return func() float64 {
			s := 0.0
			lab.Each(b, objective.Chosen,
				func(_, _ int, c *objective.Completion) { s += value(moved(c) - z) })
			lab.Each(b, objective.Rejected,
				func(_, _ int, c *objective.Completion) { s += value(z - moved(c)) })
			return lab.Over(s, n)
		}
	},
	mutants: mutants{
		"sign":  scaled(-1),
		"twice": scaled(2),
		"other beta": func(v param.Values, _ objective.Objective) objective.Objective {
			return prospect{2 * v.Float("beta")}
		},
		"in pairs": func(v param.Values, _ objective.Objective) objective.Objective {
			return objective.Pairwise{Score: objective.ImplicitReward(v.Float("beta")),
				Slope: objective.PreferenceSlope(0), Requires: objective.Logp | objective.RefLogp}
		},
		"imitates": func(param.Values, objective.Objective) objective.Objective {
			return objective.Row{From: objective.Chosen}
		},
	},
})
