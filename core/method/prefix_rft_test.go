package method

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("prefix_rft", entry{
	baseline: true,
	bits:     "11ca08988fa36fd7",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		var hints []float64
		lab.Each(b, objective.Rollout, func(_, _ int, c *objective.Completion) {
			hints = append(hints, c.Entropy[:c.HintLen]...)
		})
		learns := map[*objective.Completion][]bool{}
		lab.Each(b, objective.Rollout, func(_, _ int, c *objective.Completion) {
			for t, h := range c.Entropy {
				learns[c] = append(learns[c],
					t >= c.HintLen || h >= quantile(hints, 1-v.Float("share")))
			}
		})
		return lab.PerRollout(b, func(g, i int, c *objective.Completion) float64 {
			return clippedEach(v, c, func(t int) float64 {
				if !learns[c][t] {
					return 0
				}
				m, _ := meanStd(b[g])
				return c.Reward - m
			})
		})
	},
	mutants: with(without(clippedMutants, "no entropy bonus"), mutants{
		"no bonus":           only(0),
		"all given tokens":   row(func(r *objective.Row) { r.Select = nil }),
		"no given token":     row(func(r *objective.Row) { r.Select = sampledAlone }),
		"given tokens alone": row(func(r *objective.Row) { r.Select = invert(sampledAlone) }),
		"twice as many":      row(func(r *objective.Row) { r.Select = undecidedHints(0.6) }),
		"all compete": row(func(r *objective.Row) {
			r.Select = objective.TopShare(0.2, objective.Rollout,
				func(c *objective.Completion, t int) float64 { return c.Entropy[t] })
		}),
		"with a deviation": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.ZScore)),
		"mean over sequences": row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
	}),
})

// sampledAlone stops what was given.
func sampledAlone(batch []objective.Group) func(g, i, t int) float64 {
	return func(g, i, t int) float64 {
		if t < batch[g][i].HintLen {
			return 0
		}
		return 1
	}
}

func invert(s objective.Select) objective.Select {
	return func(batch []objective.Group) func(g, i, t int) float64 {
		pass := s(batch)
		return func(g, i, t int) float64 { return 1 - pass(g, i, t) }
	}
}

// The bound of the share that is given falls from 0.95 to 0.05: at first all but one of ten tokens
// are given, in the middle a share above a half, and in the end any from none. The whole is never
// given, and nothing is asked of an empty demonstration.
func TestPrefixesShrink(t *testing.T) {
	lengths := func(tokens, step, steps int) (all []int) {
		for i := range uint64(2000) {
			r := num.NewRand(1, "test", "prefix", i)
			all = append(all, shrinkingPrefix(&r, tokens, step, steps))
		}
		return all
	}
	for _, c := range []struct {
		tokens, step, steps int
		least, most         int
		mean                float64
	}{
		{10, 0, 100, 9, 9, 9},
		{20, 50, 100, 10, 18, 14.5 - 0.5}, // ⌊x⌋ is x − 1/2 on average: 20·(0.5 + 0.95)/2 less that
		{1000, 99, 100, 50, 949, 499.5},   // the last step is not quite at the end of the cosine
		{0, 50, 100, 0, 0, 0},
	} {
		all := lengths(c.tokens, c.step, c.steps)
		least, most, total := slices.Min(all), slices.Max(all), 0
		for _, n := range all {
			total += n
		}
		if least < c.least || most > c.most {
			t.Errorf("%d of %d: %d to %d of %d tokens, want %d to %d", c.step, c.steps, least, most,
				c.tokens, c.least, c.most)
		}
		// The mean of 2000 draws of a width w is off by more than 4·w/√(12·2000) once in 16000
		// times.
		if off := math.Abs(float64(total)/2000 - c.mean); off > 4*float64(c.most-
			c.least)/math.Sqrt(24000) {
			t.Errorf("%d of %d: mean %v of %d tokens, want %v", c.step, c.steps,
				float64(total)/2000, c.tokens, c.mean)
		}
	}
}
