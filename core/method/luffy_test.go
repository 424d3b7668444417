package method

import (
	"math"

	"posttrain/core/param"
)

// unionMeanStd are those of the rewards of a group's rollouts and demonstrations.
func unionMeanStd(g Group) (mean, std float64) {
	var all Group
	for _, c := range g {
		if c.Source == Rollout || c.Source == Demo {
			all = append(all, &Completion{Reward: c.Reward})
		}
	}
	return meanStd(all)
}

var _ = enter("luffy", entry{
	baseline: true,
	bits:     "434f7ae86268c946",
	objective: func(v param.Values, b []Group) func() float64 {
		n, own := 0.0, 0.0
		each(b, Rollout, func(_, _ int, _ *Completion) { n, own = n+1, own+1 })
		each(b, Demo, func(_, _ int, _ *Completion) { n++ })
		return func() float64 {
			s, bonus := 0.0, 0.0
			each(b, Rollout, func(g, _ int, c *Completion) {
				m, _ := unionMeanStd(b[g])
				for t, lp := range c.Logp {
					s += math.Exp(lp-c.OldLogp[t]) * (c.Reward - m)
				}
				bonus += v.Float("entropy") * total(c.Entropy)
			})
			each(b, Demo, func(g, _ int, c *Completion) {
				m, _ := unionMeanStd(b[g])
				for _, lp := range c.Logp {
					s += math.Exp(lp) / (math.Exp(lp) + v.Float("gamma")) * (c.Reward - m)
				}
			})
			return over(s, n) + over(bonus, own)
		}
	},
	mutants: mutants{
		"sign":                   scaled(-1),
		"own answers only":       only(0),
		"demonstrations only":    only(1),
		"no bonus":               weight(2, 0),
		"judged apart":           advantage(InGroup(Rollout, Reward, Centred)),
		"with a deviation":       advantage(InUnion(union, Reward, ZScore)),
		"no ratio":               row(func(r *Row) { r.Denom = OverPolicy }),
		"clipped":                row(func(r *Row) { r.Mask = Clip(0.2, 0.2) }),
		"own average":            row(func(r *Row) { r.Among = nil }),
		"demonstrations' own":    summand(1, func(r *Row) { r.Among = nil }),
		"not shaped":             summand(1, func(r *Row) { r.Ratio = nil }),
		"shaped as a weight":     summand(1, func(r *Row) { r.Ratio = func(p, _ float64) float64 { return p / (p + 0.1) } }),
		"demonstration always 1": summand(1, func(r *Row) { r.Advantage = nil }),
		"mean over sequences":    row(func(r *Row) { r.Reduce = SeqMean }),
	},
})
