package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("sppo", entry{
	bits: "5d822125783882c3",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		eta := 1 / v.Float("beta")
		return lab.PerPair(b, func(w, l *objective.Completion) float64 {
			won, lost := moved(w)-eta*(1-0.5), moved(l)-eta*(0-0.5)
			return -(won*won + lost*lost) / 2
		})
	},
	mutants: with(without(pairMutants, "swapped margin", "hinge", "score of the policy alone"),
		mutants{
			"score of the policy": pairwise(func(_ param.Values, p *objective.Pairwise) {
				p.Score = func(c *objective.Completion) (float64, float64) {
					return lab.Total(c.Logp), 1
				}
			}),
			"a loser stays": pairwise(func(_ param.Values, p *objective.Pairwise) {
				slopes := p.Slopes
				p.Slopes = func(chosen, rejected float64) (float64, float64) {
					up, _ := slopes(chosen, rejected)
					return up, -rejected
				}
			}),
			"twice as far": pairwise(func(v param.Values, p *objective.Pairwise) {
				p.Slopes = towards(1 / v.Float("beta"))
			}),
			"the margin alone": pairwise(func(v param.Values, p *objective.Pairwise) {
				target := 1 / v.Float("beta")
				p.Slopes = nil
				p.Slope = func(margin float64) float64 { return target - margin }
			}),
			"swapped targets": pairwise(func(v param.Values, p *objective.Pairwise) {
				p.Slopes = towards(-1 / (2 * v.Float("beta")))
			}),
		}),
})
