package method

import (
	"math"
	"sort"

	"posttrain/core/param"
)

// byCovariance lists the rollout tokens of a batch by covariance of advantage and log-probability, the largest first.
func byCovariance(b []Group, a func(g, i int) float64) (tokens []place, cov map[place]float64) {
	cov = map[place]float64{}
	meanA, meanLogp, n := 0.0, 0.0, 0.0
	each(b, Rollout, func(g, i int, c *Completion) {
		for t, lp := range c.Logp {
			tokens = append(tokens, place{g, i, t})
			meanA, meanLogp, n = meanA+a(g, i), meanLogp+lp, n+1
		}
	})
	meanA, meanLogp = meanA/n, meanLogp/n
	for _, p := range tokens {
		cov[p] = (a(p.g, p.i) - meanA) * (b[p.g][p.i].Logp[p.t] - meanLogp)
	}
	sort.SliceStable(tokens, func(x, y int) bool { return cov[tokens[x]] > cov[tokens[y]]+1e-12 })
	return tokens, cov
}

var _ = enter("kl_cov", entry{
	bits: "e5e3bf40de902d81",
	objective: func(v param.Values, b []Group) func() float64 {
		a, held := zscores(charged(v, b)), map[place]bool{}
		tokens, _ := byCovariance(b, a)
		for k, p := range tokens {
			held[p] = k == 0 || k < int(v.Float("share")*float64(len(tokens)))
		}
		return overTokens(b, func(g, i int, c *Completion) float64 {
			s := bonusLessKL(v, c)
			for t, lp := range c.Logp {
				s += a(g, i) * math.Exp(lp-c.OldLogp[t])
				if held[place{g, i, t}] {
					s -= v.Float("kl_coef") * math.Abs(lp-c.OldLogp[t])
				}
			}
			return s
		})
	},
	mutants: mutants{
		"sign":              scaled(-1),
		"no KL":             row(func(r *Row) { r.KL = 0 }),
		"no entropy bonus":  only(0),
		"nothing held back": row(func(r *Row) { r.Extra = nil }),
		"pushed away":       row(func(r *Row) { r.Extra = holdBack(r.Advantage, 0.02, -1) }),
		"half as strongly":  row(func(r *Row) { r.Extra = holdBack(r.Advantage, 0.02, 0.5) }),
		"more held back":    row(func(r *Row) { r.Extra = holdBack(r.Advantage, 0.3, 1) }),
		"the smallest": row(func(r *Row) {
			r.Extra = holdBack(InGroup(Rollout, func(c *Completion) float64 { return -c.Reward }, ZScore), 0.02, 1)
		}),
		"clipped":               row(func(r *Row) { r.Mask = Clip(0.2, 0.2) }),
		"no standard deviation": advantage(InGroup(Rollout, Reward, Centred)),
		"mean over sequences":   row(func(r *Row) { r.Reduce = SeqMean }),
	},
})
