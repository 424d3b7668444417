package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("iw_sft", entry{
	bits: "d183387a576b5e62",
	objective: overDemos(func(v param.Values, c *objective.Completion, t int) func() float64 {
		mean := (lab.Total(c.Logp) - lab.Total(c.RefLogp)) / float64(len(c.Logp))
		w := math.Max(0, math.Min(16, math.Exp(v.Float("power")*mean)))
		if v.Choice("level") == "token" {
			w = math.Max(0.2, math.Min(1.8, math.Exp(c.Logp[t])/math.Exp(c.RefLogp[t])))
		}
		return func() float64 { return w * c.Logp[t] }
	}),
	mutants: with(imitationMutants, mutants{
		"not weighed":        row(func(r *objective.Row) { r.Denom = objective.OverPolicy }),
		"by its probability": row(func(r *objective.Row) { r.Denom = objective.OverOne }),
		"token by token":     row(func(r *objective.Row) { r.Span = objective.OfToken }),
		"no power":           row(func(r *objective.Row) { r.Ratio = nil }),
		"capped early": row(func(r *objective.Row) {
			power := r.Ratio
			r.Ratio = func(x, a float64) float64 { return min(power(x, a), 2) }
		}),
		"capped late": row(func(r *objective.Row) {
			r.Ratio = func(x, _ float64) float64 {
				return x * x
			}
		}),
	}),
})
