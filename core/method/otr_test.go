package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("otr", entry{
	bits: "a486c8ffca4b67ea",
	objective: overDemos(func(v param.Values, c *objective.Completion, t int) func() float64 {
		logp := c.Dist[t*lab.Vocab : (t+1)*lab.Vocab]
		guess := lab.Sharpened(logp, v.Float("kappa")) // how often each symbol is sampled
		for k, lp := range logp {
			if lp != c.Logp[t] { // not the demonstrated one
				guess[k] *= v.Float("miss")
			}
		}
		return func() float64 { return lab.Dot(guess, logp) }
	}),
	mutants: with(imitationMutants, mutants{
		"misses ignored": only(0),
		"only misses":    only(1),
		"no temperature": second(func(d *objective.Dense) {
			d.Weights = matching{1, false}.others
		}),
		"hits at 1":     row(func(r *objective.Row) { r.Advantage = guessProbability(1, 1.1) }),
		"hit paid less": row(func(r *objective.Row) { r.Advantage = guessProbability(1.3, 1) }),
		"misses rewarded": second(func(d *objective.Dense) {
			w := d.Weights
			d.Weights = func(c *objective.Completion, t int) []float64 { return negated(w(c, t)) }
		}),
		"like sft":         row(func(r *objective.Row) { r.Advantage = nil }),
		"misses elsewhere": second(func(d *objective.Dense) { d.From = objective.Rollout }),
	}),
})

func negated(x []float64) []float64 {
	for i := range x {
		x[i] = -x[i]
	}
	return x
}
