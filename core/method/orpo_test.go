package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("orpo", entry{
	bits: "91806c1a9751214c",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		odds := func(c *objective.Completion) float64 {
			p := math.Exp(lab.Total(c.Logp) / float64(len(c.Logp)))
			return math.Log(p / (1 - p))
		}
		compared := lab.PerPair(b,
			func(w, l *objective.Completion) float64 { return logSigmoid(odds(w) - odds(l)) })
		return func() float64 {
			s, n := 0.0, 0.0
			lab.Each(b, objective.Chosen, func(_, _ int, c *objective.Completion) {
				s, n = s+lab.Total(c.Logp), n+float64(len(c.Logp))
			})
			return lab.Over(s, n) + v.Float("lambda")*compared()
		}
	},
	mutants: with(pairMutants, mutants{
		"imitates the other half": row(func(r *objective.Row) { r.From = objective.Rejected }),
		"mean over sequences":     row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"no imitation": func(_ param.Values, o objective.Objective) objective.Objective {
			return o.(objective.Sum)[1:]
		},
		"no comparison": only(0),
	}),
})
