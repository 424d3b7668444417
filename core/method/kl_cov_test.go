package method

import (
	"math"
	"sort"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// byCovariance lists the rollout tokens of a batch by covariance of advantage and log-probability,
// the largest first.
func byCovariance(b []objective.Group, a func(g, i int) float64) (tokens []objective.Position,
	cov map[objective.Position]float64) {
	cov = map[objective.Position]float64{}
	meanA, meanLogp, n := 0.0, 0.0, 0.0
	lab.Each(b, objective.Rollout, func(g, i int, c *objective.Completion) {
		for t, lp := range c.Logp {
			tokens = append(tokens, objective.Position{G: g, I: i, T: t})
			meanA, meanLogp, n = meanA+a(g, i), meanLogp+lp, n+1
		}
	})
	meanA, meanLogp = meanA/n, meanLogp/n
	for _, p := range tokens {
		cov[p] = (a(p.G, p.I) - meanA) * (b[p.G][p.I].Logp[p.T] - meanLogp)
	}
	sort.SliceStable(tokens, func(x, y int) bool { return cov[tokens[x]] > cov[tokens[y]]+1e-12 })
	return tokens, cov
}

var _ = enter("kl_cov", entry{
	bits: "e5e3bf40de902d81",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		a, chosen := zscores(charged(v, b)), map[objective.Position]bool{}
		tokens, _ := byCovariance(b, a)
		for k, p := range tokens {
			chosen[p] = k == 0 || k < int(v.Float("share")*float64(len(tokens)))
		}
		return lab.OverTokens(b, func(g, i int, c *objective.Completion) float64 {
			s := bonusLessKL(v, c)
			for t, lp := range c.Logp {
				s += a(g, i) * math.Exp(lp-c.OldLogp[t])
				if chosen[objective.Position{G: g, I: i, T: t}] {
					s -= v.Float("kl_coef") * math.Abs(lp-c.OldLogp[t])
				}
			}
			return s
		})
	},
	mutants: mutants{
		"sign":              scaled(-1),
		"no KL":             row(func(r *objective.Row) { r.K3Weight = 0 }),
		"no entropy bonus":  only(0),
		"nothing held back": row(func(r *objective.Row) { r.Extra = nil }),
		"pushed away": row(func(r *objective.Row) {
			r.Extra = holdBack(r.Advantage, 0.02, -1)
		}),
		"half as strongly": row(func(r *objective.Row) {
			r.Extra = holdBack(r.Advantage, 0.02, 0.5)
		}),
		"more held back": row(func(r *objective.Row) {
			r.Extra = holdBack(r.Advantage, 0.3, 1)
		}),
		"the smallest": row(func(r *objective.Row) {
			r.Extra = holdBack(objective.InGroup(objective.Rollout,
				func(c *objective.Completion) float64 { return -c.Reward }, objective.ZScore), 0.02,
				1)
		}),
		"clipped": row(func(r *objective.Row) { r.Mask = objective.Clip(0.2, 0.2) }),
		"no standard deviation": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"mean over sequences": row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
	},
})
