package method

import (
	"math"
	"sort"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// quantile interpolates between the two neighbours, as numpy and torch do.
func quantile(x []float64, q float64) float64 {
	x = append([]float64(nil), x...)
	sort.Float64s(x)
	at := math.Round(q*float64(len(x)-1)*1e9) / 1e9
	low := int(at)
	if low == len(x)-1 {
		return x[low]
	}
	return x[low] + (at-float64(low))*(x[low+1]-x[low])
}

var _ = enter("forking_tokens", entry{
	baseline: true,
	bits:     "e9bb6c2af83946cb",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		var all []float64
		lab.Each(b, objective.Rollout,
			func(_, _ int, c *objective.Completion) { all = append(all, c.Entropy...) })
		a, fork := zscores(charged(v, b)), map[*objective.Completion][]bool{}
		lab.Each(b, objective.Rollout, func(_, _ int, c *objective.Completion) {
			for _, h := range c.Entropy {
				fork[c] = append(fork[c], h >= quantile(all, 1-v.Float("share")))
			}
		})
		return lab.OverTokens(b, func(g, i int, c *objective.Completion) float64 {
			return clippedEach(v, c, func(t int) float64 {
				if fork[c][t] {
					return a(g, i)
				}
				return 0
			})
		})
	},
	mutants: without(with(tokenMutants, mutants{
		"all tokens": row(func(r *objective.Row) { r.Select = nil }),
		"twice as many": row(func(r *objective.Row) {
			r.Select = objective.TopShare(0.4, objective.Rollout,
				func(c *objective.Completion, t int) float64 { return c.Entropy[t] })
		}),
		"the most certain": row(func(r *objective.Row) {
			r.Select = objective.TopShare(0.2, objective.Rollout,
				func(c *objective.Completion, t int) float64 { return -c.Entropy[t] })
		}),
		"the most unlikely": row(func(r *objective.Row) {
			r.Select = objective.TopShare(0.2, objective.Rollout,
				func(c *objective.Completion, t int) float64 { return -c.Logp[t] })
		}),
		"demos compete": row(func(r *objective.Row) { r.Select = amongDemos }),
	}), "wider above"),
})

// amongDemos has rollouts and demonstrations compete in entropy.
func amongDemos(batch []objective.Group) func(g, i, t int) float64 {
	var all []float64
	lab.Each(batch, objective.Rollout,
		func(_, _ int, c *objective.Completion) { all = append(all, c.Entropy...) })
	lab.Each(batch, objective.Demo,
		func(_, _ int, c *objective.Completion) { all = append(all, c.Entropy...) })
	return func(g, i, t int) float64 {
		if batch[g][i].Entropy[t] >= quantile(all, 0.8) {
			return 1
		}
		return 0
	}
}

// The number of tokens that TopShare lets through, against quantiles of 0..n-1 by hand: n −
// ⌈(n−1)·(1−share)⌉.
func TestTopShare(t *testing.T) {
	for _, c := range []struct {
		n     int
		share float64
		want  float64
	}{{1, 0.2, 1}, {5, 0.2, 1}, {6, 0.2, 2}, {10, 0.2, 2}, {11, 0.2, 3}, {16, 0.2, 4}, {6, 0.6,
		4}, {10, 0, 1}, {10, 1, 10}} {
		group := objective.Group{{Logp: make([]float64, c.n)},
			{Source: objective.Demo, Logp: []float64{9}}}
		pass := objective.TopShare(c.share, objective.Rollout, func(_ *objective.Completion,
			t int) float64 {
			return float64(t * 7 % c.n)
		})([]objective.Group{group})
		got := 0.0
		for k := range c.n {
			got += pass(0, 0, k)
		}
		if got != c.want {
			t.Errorf("%v of %d: %v pass, want %v", c.share, c.n, got, c.want)
		}
		even := objective.TopShare(c.share, objective.Rollout,
			func(*objective.Completion, int) float64 { return 3 })([]objective.Group{group})
		for k := range c.n {
			if even(0, 0, k) != 1 {
				t.Errorf("%v of %d equals: token %d is stopped", c.share, c.n, k)
			}
		}
	}
}
