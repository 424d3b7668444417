package method

import (
	"math"

	"posttrain/core/param"
)

var _ = enter("orpo", entry{
	bits: "91806c1a9751214c",
	objective: func(v param.Values, b []Group) func() float64 {
		odds := func(c *Completion) float64 {
			p := math.Exp(total(c.Logp) / float64(len(c.Logp)))
			return math.Log(p / (1 - p))
		}
		compared := perPair(b, func(w, l *Completion) float64 { return logSigmoid(odds(w) - odds(l)) })
		return func() float64 {
			s, n := 0.0, 0.0
			each(b, Chosen, func(_, _ int, c *Completion) { s, n = s+total(c.Logp), n+float64(len(c.Logp)) })
			return over(s, n) + v.Float("lambda")*compared()
		}
	},
	mutants: with(pairMutants, mutants{
		"imitates the other half": row(func(r *Row) { r.From = Rejected }),
		"mean over sequences":     row(func(r *Row) { r.Reduce = SeqMean }),
		"no imitation":            func(_ param.Values, o Objective) Objective { return o.(Sum)[1:] },
		"no comparison":           only(0),
	}),
})
