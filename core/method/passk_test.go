package method

import (
	"math"
	"math/bits"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// subsets walks through the sets of k of the group's rollouts: for each, whether an answer in it is
// right, and for each rollout how many of the sets with it succeed.
func subsets(g objective.Group, k int) (sets, successes float64,
	with map[*objective.Completion]float64) {
	var rollouts []*objective.Completion
	for _, c := range g {
		if c.Source == objective.Rollout {
			rollouts = append(rollouts, c)
		}
	}
	k = min(k, len(rollouts))
	with = map[*objective.Completion]float64{}
	for set := range uint(1) << len(rollouts) {
		if bits.OnesCount(set) != k {
			continue
		}
		success := 0.0
		for i, c := range rollouts {
			if set>>i&1 == 1 && c.Reward >= 1 {
				success = 1
			}
		}
		sets, successes = sets+1, successes+success
		for i, c := range rollouts {
			if set>>i&1 == 1 {
				with[c] += success
			}
		}
	}
	each := sets * float64(k) / float64(len(rollouts)) // sets that contain a given rollout
	for c := range with {
		with[c] /= each
	}
	return sets, successes, with
}

var _ = enter("passk", entry{
	baseline: true,
	bits:     "798f47431e21c0ea",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		advantage := map[*objective.Completion]float64{}
		for _, group := range b {
			sets, successes, with := subsets(group, v.Int("k"))
			mean := successes / sets
			// the average over the sets it is in of (success − mean)/std
			for c, success := range with {
				advantage[c] = (success - mean) / (math.Sqrt(mean*(1-mean)) + 1e-4)
			}
		}
		return lab.PerRollout(b, func(g, _ int, c *objective.Completion) float64 {
			return clipped(v, c, advantage[c]-besides(v, b[g], c)) / float64(len(c.Logp))
		})
	},
	mutants: with(clippedMutants, mutants{
		"one attempt": advantage(objective.InGroup(objective.Rollout, full, passAtKAdvantage(1))),
		"three attempts": advantage(objective.InGroup(objective.Rollout, full,
			passAtKAdvantage(3))),
		"partial credit": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.ZScore)),
		"no baseline":        advantage(objective.IfCorrect),
		"reward of demos":    advantage(overUnion(func(r []float64) { passAtKAdvantage(2)(r) })),
		"sum over tokens":    row(func(r *objective.Row) { r.Reduce = objective.SeqSum }),
		"bonus over tokens":  bonus(objective.TokenMean),
		"best answers alone": advantage(bestOnly),
	}),
})

func full(c *objective.Completion) float64 {
	if c.Reward >= 1 {
		return 1
	}
	return 0
}

// bestOnly rewards the group's only right answer.
func bestOnly(batch []objective.Group) func(g, i int) []float64 {
	return func(g, i int) []float64 {
		if right, _ := objective.CountCorrect(batch[g]); right == 1 {
			return []float64{full(batch[g][i])}
		}
		return []float64{0}
	}
}

// The shares of sets by hand: of the 6 pairs from 4 things 3 lie within the first three, 1 within
// the first two.
func TestChoose(t *testing.T) {
	for _, c := range []struct {
		m, k, n int
		want    float64
	}{{3, 2, 4, 0.5}, {2, 2, 4, 1.0 / 6}, {1, 2, 4, 0}, {0, 2, 4, 0}, {4, 2, 4, 1}, {3, 0, 4,
		1}, {0, 0, 0, 1}} {
		if got := choose(c.m, c.k, c.n); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("C(%d,%d)/C(%d,%d) = %v, want %v", c.m, c.k, c.n, c.k, got, c.want)
		}
	}
}
