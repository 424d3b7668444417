package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// unionMeanStd returns the mean and the standard deviation of the rewards of a group's rollouts and
// demonstrations.
func unionMeanStd(g objective.Group) (mean, std float64) {
	var all objective.Group
	for _, c := range g {
		if c.Source == objective.Rollout || c.Source == objective.Demo {
			all = append(all, &objective.Completion{Reward: c.Reward})
		}
	}
	return meanStd(all)
}

var _ = enter("luffy", entry{
	baseline: true,
	bits:     "434f7ae86268c946",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		n, own := 0.0, 0.0
		lab.Each(b, objective.Rollout,
			func(_, _ int, _ *objective.Completion) { n, own = n+1, own+1 })
		lab.Each(b, objective.Demo, func(_, _ int, _ *objective.Completion) { n++ })
		return func() float64 {
			s, bonus := 0.0, 0.0
			lab.Each(b, objective.Rollout, func(g, _ int, c *objective.Completion) {
				m, _ := unionMeanStd(b[g])
				for t, lp := range c.Logp {
					s += math.Exp(lp-c.OldLogp[t]) * (c.Reward - m)
				}
				bonus += v.Float("entropy") * lab.Total(c.Entropy)
			})
			lab.Each(b, objective.Demo, func(g, _ int, c *objective.Completion) {
				m, _ := unionMeanStd(b[g])
				for _, lp := range c.Logp {
					s += math.Exp(lp) / (math.Exp(lp) + v.Float("gamma")) * (c.Reward - m)
				}
			})
			return lab.Over(s, n) + lab.Over(bonus, own)
		}
	},
	mutants: mutants{
		"sign":                scaled(-1),
		"own answers only":    only(0),
		"demonstrations only": only(1),
		"no bonus":            weight(2, 0),
		"judged apart": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"with a deviation": advantage(objective.InUnion(objective.RolloutsAndDemos(),
			objective.Reward, objective.ZScore)),
		"no ratio":            row(func(r *objective.Row) { r.Denom = objective.OverPolicy }),
		"clipped":             row(func(r *objective.Row) { r.Mask = objective.Clip(0.2, 0.2) }),
		"own average":         row(func(r *objective.Row) { r.Among = nil }),
		"demonstrations' own": summand(1, func(r *objective.Row) { r.Among = nil }),
		"not shaped":          summand(1, func(r *objective.Row) { r.Ratio = nil }),
		"shaped as a weight": summand(1, func(r *objective.Row) {
			r.Ratio = func(p, _ float64) float64 {
				return p / (p + 0.1)
			}
		}),
		"demonstration always 1": summand(1, func(r *objective.Row) { r.Advantage = nil }),
		"mean over sequences":    row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
	},
})
