package method

import "posttrain/core/param"

var _ = enter("token_cleaning", entry{
	bits: "33fe3d8ff24e59bf",
	objective: func(v param.Values, b []Group) func() float64 {
		var gains []float64
		each(b, Demo, func(_, _ int, c *Completion) {
			for t := range c.Logp {
				gains = append(gains, c.Logp[t]-c.RefLogp[t])
			}
		})
		return tokenMean(Demo, func(c *Completion, t int) func() float64 {
			kept := 0.0
			if c.Logp[t]-c.RefLogp[t] >= quantile(gains, 1-v.Float("share"))-1e-12 {
				kept = 1
			}
			return func() float64 { return kept * c.Logp[t] }
		})(v, b)
	},
	mutants: with(imitationMutants, mutants{
		"all tokens": row(func(r *Row) { r.Select = nil }),
		"the worst": row(func(r *Row) {
			r.Select = TopShare(0.6, Demo, func(c *Completion, t int) float64 { return c.RefLogp[t] - c.Logp[t] })
		}),
		"fewer": row(func(r *Row) {
			r.Select = TopShare(0.3, Demo, func(c *Completion, t int) float64 { return c.Logp[t] - c.RefLogp[t] })
		}),
		"the likely": row(func(r *Row) { r.Select = TopShare(0.6, Demo, func(c *Completion, t int) float64 { return c.Logp[t] }) }),
		"by the behavior": row(func(r *Row) {
			r.Select = TopShare(0.6, Demo, func(c *Completion, t int) float64 { return c.Logp[t] - c.OldLogp[t] })
		}),
	}),
})
