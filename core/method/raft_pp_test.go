package method

import (
	"math"
	"testing"

	"posttrain/core/param"
)

var _ = enter("raft_pp", entry{
	bits: "c0449d4b15be1334",
	objective: func(v param.Values, b []Group) func() float64 {
		return overTokens(b, func(g, _ int, c *Completion) (s float64) {
			for _, o := range b[g] {
				if c.Reward <= 0 || o.Source == Rollout && o.Reward > c.Reward {
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
		"wrong source":      row(func(r *Row) { r.From = Demo }),
		"all answers":       advantage(nil),
		"right ones alone":  advantage(IfCorrect),
		"weighed by reward": advantage(PerCompletion(Reward)),
		"no mask":           row(func(r *Row) { r.Mask = nil }),
		"wider above":       row(func(r *Row) { r.Mask = Clip(1, 0.28) }),
		"clipped below": row(func(r *Row) {
			r.Mask = func(x, a float64) float64 { return Clip(0.2, 0.2)(x, a) * Clip(0.2, 0.2)(x, -a) }
		}),
		"no ratio":           row(func(r *Row) { r.Denom = OverPolicy }),
		"ratio to reference": row(func(r *Row) { r.Denom = OverReference }),
		"sequence ratio":     row(func(r *Row) { r.Span = OfMean }),
		"mean over answers":  row(func(r *Row) { r.Reduce = SeqMean }),
	},
})

// On fresh samples nothing is clipped and every ratio is 1, so RAFT++ is RAFT.
func TestRaftPPOnFreshSamplesIsRaft(t *testing.T) {
	for seed := range uint64(50) {
		proportional(t, judged(seed, true), built(t, "raft_pp"), built(t, "raft"), func(int) float64 { return 1 })
	}
}
