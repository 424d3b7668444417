package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("token_cleaning", entry{
	bits: "33fe3d8ff24e59bf",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		var gains []float64
		lab.Each(b, objective.Demo, func(_, _ int, c *objective.Completion) {
			for t := range c.Logp {
				gains = append(gains, c.Logp[t]-c.RefLogp[t])
			}
		})
		return lab.TokenMeanOf(objective.Demo, func(c *objective.Completion, t int) func() float64 {
			kept := 0.0
			if c.Logp[t]-c.RefLogp[t] >= quantile(gains, 1-v.Float("share"))-1e-12 {
				kept = 1
			}
			return func() float64 { return kept * c.Logp[t] }
		})(v, b)
	},
	mutants: with(imitationMutants, mutants{
		"all tokens": row(func(r *objective.Row) { r.Select = nil }),
		"the worst": row(func(r *objective.Row) {
			r.Select = objective.TopShare(0.6, objective.Demo,
				func(c *objective.Completion, t int) float64 { return c.RefLogp[t] - c.Logp[t] })
		}),
		"fewer": row(func(r *objective.Row) {
			r.Select = objective.TopShare(0.3, objective.Demo,
				func(c *objective.Completion, t int) float64 { return c.Logp[t] - c.RefLogp[t] })
		}),
		"the likely": row(func(r *objective.Row) {
			r.Select = objective.TopShare(0.6, objective.Demo,
				func(c *objective.Completion, t int) float64 { return c.Logp[t] })
		}),
		"by the behavior": row(func(r *objective.Row) {
			r.Select = objective.TopShare(0.6, objective.Demo,
				func(c *objective.Completion, t int) float64 { return c.Logp[t] - c.OldLogp[t] })
		}),
	}),
})
