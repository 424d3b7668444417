package method

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("dapo", entry{
	baseline: true,
	bits:     "a0bbae25aeabe449",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		reward := func(c *objective.Completion) float64 {
			longest, cache, n := float64(v.Int("l_max")), float64(v.Int("l_cache")),
				float64(len(c.Logp))
			switch {
			case longest == 0 || n <= longest-cache:
				return c.Reward
			case n <= longest:
				return c.Reward + (longest-cache-n)/cache
			}
			return c.Reward - 1
		}
		paid := charged(v, b)
		for g := range paid {
			for i, o := range paid[g] {
				paid[g][i] = &objective.Completion{Source: o.Source, Reward: reward(o)}
			}
		}
		return lab.OverTokens(b, func(g, i int, c *objective.Completion) float64 {
			m, std := meanStd(paid[g])
			return clipped(v, c, (paid[g][i].Reward-m)/(std+1e-4))
		})
	},
	mutants: without(with(tokenMutants, mutants{
		"equal bounds": row(func(r *objective.Row) { r.Mask = objective.Clip(0.2, 0.2) }),
		"no standard deviation": advantage(objective.InGroup(objective.Rollout, lessOverlong(4, 2),
			objective.Centred)),
		"no overlong penalty": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.ZScore)),
		"sudden penalty": advantage(objective.InGroup(objective.Rollout, lessOverlong(4, 1),
			objective.ZScore)),
	}), "wider above"),
})

func TestOverlongPenalty(t *testing.T) {
	for n, want := range []float64{0, 0, 0, 0, 0, 0, 0, 0.25, 0.5, 0.75, 1, 1, 1} {
		c := &objective.Completion{Reward: 1, Logp: make([]float64, n)}
		if got := 1 - lessOverlong(10, 4)(c); math.Abs(got-want) > 1e-15 {
			t.Errorf("%d tokens lose %v, want %v", n, got, want)
		}
	}
}

func TestDynamicSamplingKeepsMixedGroups(t *testing.T) {
	m, err := Lookup("dapo")
	if err != nil {
		t.Fatal(err)
	}
	keep := m.Collect(m.Defaults()).Keep
	group := func(rewards ...float64) (g objective.Group) {
		g = objective.Group{{Source: objective.Demo, Reward: 0.7}}
		for _, r := range rewards {
			g = append(g, &objective.Completion{Reward: r})
		}
		return g
	}
	for _, c := range []struct {
		g    objective.Group
		want bool
	}{{group(), false}, {group(1), false}, {group(1, 1, 1), false}, {group(0, 0),
		false}, {group(0, 0, 1), true}, {group(1, 0.5), true}} {
		if keep(c.g) != c.want {
			t.Errorf("%d rollouts: kept %v", len(c.g)-1, !c.want)
		}
	}
}
