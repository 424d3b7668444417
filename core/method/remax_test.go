package method

import (
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("remax", entry{
	baseline: true,
	bits:     "c1bea5d84607c01f",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		return lab.PerRollout(b, func(g, i int, c *objective.Completion) float64 {
			bonus := v.Float("entropy") * lab.Total(c.Entropy)
			for _, o := range b[g] {
				if o.Source == objective.Greedy {
					return (c.Reward-o.Reward)*lab.Total(c.Logp) + bonus
				}
			}
			return bonus
		})
	},
	mutants: mutants{
		"sign":             scaled(-1),
		"no entropy bonus": only(0),
		"no baseline":      advantage(objective.PerCompletion(objective.Reward)),
		"mean of the group": advantage(objective.InGroup(objective.Rollout,
			objective.Reward, objective.Centred)),
		"ratio to behaviour": row(func(r *objective.Row) { r.Denom = objective.OverBehaviour }),
		"mean over tokens":   row(func(r *objective.Row) { r.Reduce = objective.TokenMean }),
		"greedy counts in the mean": row(func(r *objective.Row) {
			r.Among = []objective.Source{objective.Rollout, objective.Greedy}
		}),
		"wrong source": row(func(r *objective.Row) { r.From = objective.Demo }),
	},
})

// Whatever the greedy answer earns, its own tokens are left alone.
func TestGreedyAnswersAreNeverPushed(t *testing.T) {
	eachMethod(t, func(t *testing.T, m Method, v param.Values) {
		for seed := range uint64(20) {
			b := lab.New(seed, v).Batch
			for g, group := range lab.Add(m.Build(v), b) {
				for i, c := range group {
					if b[g][i].Source != objective.Greedy {
						continue
					}
					for _, x := range lab.Channels(c) {
						if slices.ContainsFunc(x, func(push float64) bool { return push != 0 }) {
							t.Fatalf("seed %d: a greedy answer is pushed by %v", seed, x)
						}
					}
				}
			}
		}
	})
}
