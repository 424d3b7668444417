package method

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("gdpo", entry{
	baseline: true,
	bits:     "2952686ab8a0da6c",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		z, squares, n := make([][]float64, len(b)), 0.0, 0.0
		for g, group := range charged(v, b) {
			z[g] = make([]float64, len(group))
			m, std := meanStd(group)
			for i, c := range group {
				if c.Source == objective.Rollout {
					z[g][i] = (c.Reward - m) / (std + 1e-4)
					squares += z[g][i] * z[g][i]
					n++
				}
			}
		}
		scale := math.Sqrt(squares/n) + 1e-4
		return lab.PerRollout(b, func(g, i int, c *objective.Completion) float64 {
			return clipped(v, c, z[g][i]/scale) / float64(len(c.Logp))
		})
	},
	mutants: with(clippedMutants, mutants{
		"one curve for all": row(func(r *objective.Row) {
			r.Advantage = objective.InGroup(objective.Rollout, objective.Reward, objective.ZScore)
		}),
		"no standard deviation": row(func(r *objective.Row) {
			r.Advantage = objective.InGroup(objective.Rollout, objective.Reward, objective.Centred)
		}),
		"sum over tokens":   row(func(r *objective.Row) { r.Reduce = objective.SeqSum }),
		"bonus over tokens": bonus(objective.TokenMean),
	}),
})

// Two answers that earn the same sum by different parts are pushed differently. By hand: the first
// part is 1, 1, 0, 0 and the second 0, 0.2, 0.2, 0, with weights 1 and 2.
func TestGDPOGradesEachPart(t *testing.T) {
	var group objective.Group
	for _, parts := range [][2]float64{{1, 0}, {1, 0.2}, {0, 0.2}, {0, 0}} {
		group = append(group, &objective.Completion{Reward: parts[0] + 2*parts[1],
			Logp: []float64{-1}, OldLogp: []float64{-1}, RefLogp: []float64{-1},
			Parts: []objective.RewardPart{{Value: parts[0], Weight: 1},
				{Value: parts[1], Weight: 2}}})
	}
	v := GDPO.Defaults()
	coeffs := lab.Add(GDPO.Build(v), []objective.Group{group})
	first, second := 0.5/(0.5+1e-4), 0.1/(0.1+1e-4)
	sums := []float64{first - 2*second, first + 2*second, -first + 2*second, -first - 2*second}
	squares := 0.0
	for _, s := range sums {
		squares += s * s / 4
	}
	for i, s := range sums {
		want := s / (math.Sqrt(squares) + 1e-4) / 4
		if got := coeffs[0][i].Logp[0]; math.Abs(got-want) > 1e-12 {
			t.Errorf("answer %d gets %v, want %v", i, got, want)
		}
	}
}
