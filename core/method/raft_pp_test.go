package method

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("raft_pp", entry{
	bits: "c0449d4b15be1334",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		return lab.OverTokens(b, func(g, _ int, c *objective.Completion) (s float64) {
			for _, o := range b[g] {
				if c.Reward <= 0 || o.Source == objective.Rollout && o.Reward > c.Reward {
					return 0
				}
			}
			for t, lp := range c.Logp {
				s += min(math.Exp(lp-c.OldLogp[t]), 1+v.Float("eps_high"))
			}
			return s
		})
	},
	mutants: mutants{
		"sign":              scaled(-1),
		"wrong source":      row(func(r *objective.Row) { r.From = objective.Demo }),
		"all answers":       advantage(nil),
		"right ones alone":  advantage(objective.IfCorrect),
		"weighed by reward": advantage(objective.PerCompletion(objective.Reward)),
		"no mask":           row(func(r *objective.Row) { r.Mask = nil }),
		"wider above":       row(func(r *objective.Row) { r.Mask = objective.Clip(1, 0.28) }),
		"clipped below": row(func(r *objective.Row) {
			r.Mask = func(x, a float64) float64 {
				return objective.Clip(0.2, 0.2)(x, a) * objective.Clip(0.2, 0.2)(x, -a)
			}
		}),
		"no ratio":           row(func(r *objective.Row) { r.Denom = objective.OverPolicy }),
		"ratio to reference": row(func(r *objective.Row) { r.Denom = objective.OverReference }),
		"sequence ratio":     row(func(r *objective.Row) { r.Span = objective.OfMean }),
		"mean over answers":  row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
	},
})

// On fresh samples nothing is clipped and every ratio is 1, so RAFT++ is RAFT.
func TestRaftPPOnFreshSamplesIsRaft(t *testing.T) {
	for seed := range uint64(50) {
		proportional(t, judged(seed, true), built(t, "raft_pp"), built(t, "raft"),
			func(int) float64 { return 1 })
	}
}
