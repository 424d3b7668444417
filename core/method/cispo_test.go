package method

import (
	"math"

	"posttrain/core/param"
)

var _ = enter("cispo", entry{
	baseline: true,
	bits:     "c2cbc7db2aeb5095",
	objective: func(v param.Values, b []Group) func() float64 {
		a, fixed := zscores(charged(v, b)), map[*Completion][]float64{}
		each(b, Rollout, func(g, i int, c *Completion) {
			for t, lp := range c.Logp {
				fixed[c] = append(fixed[c], a(g, i)*math.Min(math.Exp(lp-c.OldLogp[t]), 1+v.Float("eps_high")))
			}
		})
		return overTokens(b, func(_, _ int, c *Completion) float64 { return dot(fixed[c], c.Logp) + bonusLessKL(v, c) })
	},
	mutants: mutants{
		"sign":                  scaled(-1),
		"no KL":                 row(func(r *Row) { r.KL = 0 }),
		"no entropy bonus":      only(0),
		"no cap":                row(func(r *Row) { r.Ratio = nil }),
		"cap without one":       row(func(r *Row) { r.Ratio = func(x, _ float64) float64 { return min(x, 4) } }),
		"dropped tokens":        row(func(r *Row) { r.Mask = Clip(0.2, 0.2) }),
		"no standard deviation": advantage(InGroup(Rollout, Reward, Centred)),
		"ratio to reference":    row(func(r *Row) { r.Denom = OverReference }),
		"mean over sequences":   row(func(r *Row) { r.Reduce = SeqMean }),
		"wrong source":          row(func(r *Row) { r.From = Demo }),
	},
})
