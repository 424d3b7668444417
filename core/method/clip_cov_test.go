package method

import (
	"math"
	"sort"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("clip_cov", entry{
	baseline: true,
	bits:     "7899da9d3747233c",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		a := zscores(charged(v, b))
		tokens, cov := byCovariance(b, a)
		var eligible []objective.Position
		for _, p := range tokens {
			c := b[p.G][p.I]
			ratio := math.Exp(c.Logp[p.T] - c.OldLogp[p.T])
			clipped := a(p.G, p.I) > 0 && ratio > 1+v.Float("eps_high") ||
				a(p.G, p.I) < 0 && (ratio < 1-v.Float("eps_low") ||
					v.Float("dual_clip") > 0 && ratio > v.Float("dual_clip"))
			// where all advantages are equal, a covariance is 0 but for rounding
			if cov[p] > v.Float("cov_low")+1e-12 && cov[p] < v.Float("cov_high") && !clipped {
				eligible = append(eligible, p)
			}
		}
		lot := func(p objective.Position) float64 { // at the address that Deviations promises
			r := num.NewRand(0, "clip_cov", "", uint64(p.G), uint64(p.I), uint64(p.T))
			return r.Float64()
		}
		sort.Slice(eligible, func(x, y int) bool { return lot(eligible[x]) < lot(eligible[y]) })
		out := map[objective.Position]bool{}
		for k, p := range eligible {
			out[p] = k == 0 || k < int(v.Float("share")*float64(len(tokens)))
		}
		return lab.OverTokens(b, func(g, i int, c *objective.Completion) (s float64) {
			return clippedEach(v, c, func(t int) float64 {
				if out[objective.Position{G: g, I: i, T: t}] {
					return 0
				}
				return a(g, i)
			})
		})
	},
	mutants: with(tokenMutants, mutants{
		"nobody left out": row(func(r *objective.Row) { r.Select = nil }),
		"all left out":    chosenBy(func(o *clipCovSelect) { o.share = 1 }),
		"from any":        chosenBy(func(o *clipCovSelect) { o.low = -1 }),
		"from the few":    chosenBy(func(o *clipCovSelect) { o.low = 2 }),
		"not from above":  chosenBy(func(o *clipCovSelect) { o.high = 1.5 }),
		"clipped as well": chosenBy(func(o *clipCovSelect) {
			o.clip = func(float64, float64) float64 {
				return 1
			}
		}),
	}),
})

// chosenBy leaves out other tokens.
func chosenBy(change func(*clipCovSelect)) func(param.Values,
	objective.Objective) objective.Objective {
	return row(func(r *objective.Row) {
		o := clipCovSelect{r.Advantage, r.Mask, 0.02, 1, 5}
		change(&o)
		r.Select = o.prepare
	})
}
