package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("gem", entry{
	bits: "e2328ddbae1dfd29",
	objective: overDemos(func(v param.Values, c *objective.Completion, t int) func() float64 {
		logp := c.Dist[t*lab.Vocab : (t+1)*lab.Vocab]
		q := lab.Sharpened(logp, v.Float("tau"))
		return func() (s float64) {
			for k, lp := range logp {
				d := c.Logp[t] - lp
				if v.Choice("h") == "logsigmoid" {
					d = -100 * math.Log1p(math.Exp(-d/100))
				}
				s += q[k] * d
			}
			return s
		}
	}),
	mutants: with(imitationMutants, mutants{
		"not sharpened": second(func(d *objective.Dense) {
			d.Weights = matching{1, false}.others
		}),
		"sharpened more": second(func(d *objective.Dense) {
			d.Weights = matching{0.5, false}.others
		}),
		"the other h": second(func(d *objective.Dense) {
			d.Weights = matching{0.7, true}.others
		}),
		"nothing down":        only(0),
		"nothing up":          only(1),
		"others on sequences": second(func(d *objective.Dense) { d.Reduce = objective.SeqMean }),
	}),
})
