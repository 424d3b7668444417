package method

import (
	"slices"
	"testing"

	"posttrain/core/param"
)

var _ = enter("remax", entry{
	baseline: true,
	bits:     "c1bea5d84607c01f",
	objective: func(v param.Values, b []Group) func() float64 {
		return perRollout(b, func(g, i int, c *Completion) float64 {
			bonus := v.Float("entropy") * total(c.Entropy)
			for _, o := range b[g] {
				if o.Source == Greedy {
					return (c.Reward-o.Reward)*total(c.Logp) + bonus
				}
			}
			return bonus
		})
	},
	mutants: mutants{
		"sign":                      scaled(-1),
		"no entropy bonus":          only(0),
		"no baseline":               advantage(PerCompletion(Reward)),
		"mean of the group":         advantage(InGroup(Rollout, Reward, Centred)),
		"ratio to behaviour":        row(func(r *Row) { r.Denom = OverBehaviour }),
		"mean over tokens":          row(func(r *Row) { r.Reduce = TokenMean }),
		"greedy counts in the mean": row(func(r *Row) { r.Among = []Source{Rollout, Greedy} }),
		"wrong source":              row(func(r *Row) { r.From = Demo }),
	},
})

// Whatever the greedy answer earns, its own tokens are left alone.
func TestGreedyAnswersAreNeverPushed(t *testing.T) {
	eachMethod(t, func(t *testing.T, m Method, v param.Values) {
		for seed := range uint64(20) {
			b := newLab(seed, v).batch
			for g, group := range coeffs(m.Build(v), b) {
				for i, c := range group {
					if b[g][i].Source != Greedy {
						continue
					}
					for _, x := range channels(c) {
						if slices.ContainsFunc(x, func(push float64) bool { return push != 0 }) {
							t.Fatalf("seed %d: a greedy answer is pushed by %v", seed, x)
						}
					}
				}
			}
		}
	})
}
