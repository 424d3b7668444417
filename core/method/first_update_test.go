package method

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
)

// Dr. GRPO on fresh samples is REINFORCE with the group mean, and both are (G−1)/G of
// leave-one-out.
func TestFirstUpdateIdentities(t *testing.T) {
	build := func(name string) objective.Objective {
		m, err := Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		return m.Build(m.Defaults())
	}
	for seed := range uint64(50) {
		var b []objective.Group
		for _, group := range lab.New(seed, mustDefaults("dr_grpo")).Batch {
			group = slices.DeleteFunc(group,
				func(c *objective.Completion) bool { return c.Source != objective.Rollout })
			for _, c := range group {
				c.OldLogp = c.Logp
			}
			b = append(b, group)
		}
		dr, plain, loo := lab.Add(build("dr_grpo"), b), lab.Add(build("reinforce"),
			b), lab.Add(build("rloo"), b)
		if !lab.EqualBits(dr, plain) {
			t.Fatalf("seed %d: dr_grpo and reinforce differ on fresh samples", seed)
		}
		for g, group := range b {
			n := float64(len(group))
			for i := range group {
				for k, want := range plain[g][i].Logp {
					if got := loo[g][i].Logp[k] * (n - 1) / n; n > 1 && math.Abs(got-want) > 1e-12 {
						t.Fatalf("seed %d: rloo %v, reinforce %v", seed, got, want)
					}
				}
			}
		}
	}
}
