package method

import (
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("rpo", entry{
	bits: "c346405bcf12787b",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		compared := lab.PerPair(b, func(w, l *objective.Completion) float64 {
			return logSigmoid(v.Float("beta") * (moved(w) - moved(l)))
		})
		return func() float64 {
			s, n := 0.0, 0.0
			lab.Each(b, objective.Chosen, func(_, _ int, c *objective.Completion) {
				s, n = s+lab.Over(lab.Total(c.Logp), float64(len(c.Logp))), n+1
			})
			return v.Float("alpha")*lab.Over(s, n) + compared()
		}
	},
	mutants: with(pairMutants, mutants{
		"imitates the other half": row(func(r *objective.Row) { r.From = objective.Rejected }),
		"mean over all tokens":    row(func(r *objective.Row) { r.Reduce = objective.TokenMean }),
		"sum over tokens":         row(func(r *objective.Row) { r.Reduce = objective.SeqSum }),
		"no imitation": func(_ param.Values, o objective.Objective) objective.Objective {
			return o.(objective.Sum)[1:]
		},
		"no comparison": only(0),
	}),
})

func TestImitationWithoutWeightIsDPO(t *testing.T) {
	dpo, rpo := mustLookup(t, "dpo"), built(t, "rpo", "alpha", "0")
	for seed := range uint64(50) {
		b := lab.New(seed, dpo.Defaults()).Batch
		if !lab.EqualBits(lab.Add(dpo.Build(dpo.Defaults()), b), lab.Add(rpo, b)) {
			t.Errorf("seed %d: rpo with alpha 0 is not dpo", seed)
		}
	}
}
