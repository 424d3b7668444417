package method

import "posttrain/core/param"

var _ = enter("rft", entry{
	bits: "cf516c691673eee6",
	objective: func(_ param.Values, b []Group) func() float64 {
		return func() float64 {
			s, n := 0.0, 0.0
			each(b, Rollout, func(_, _ int, c *Completion) {
				for _, lp := range c.Logp {
					if c.Reward >= 1 {
						s += lp
					}
					n++
				}
			})
			return over(s, n)
		}
	},
	mutants: mutants{
		"sign":                 scaled(-1),
		"wrong source":         row(func(r *Row) { r.From = Demo }),
		"wrong answers too":    row(func(r *Row) { r.Advantage = nil }),
		"partial credit":       row(func(r *Row) { r.Advantage = InGroup(Rollout, Reward, func([]float64) {}) }),
		"pushes wrong answers": row(func(r *Row) { r.Advantage = InGroup(Rollout, Reward, Centred) }),
		"mean over sequences":  row(func(r *Row) { r.Reduce = SeqMean }),
		"ratio to behaviour":   row(func(r *Row) { r.Denom = OverBehaviour }),
	},
})
