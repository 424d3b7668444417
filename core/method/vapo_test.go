package method

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("vapo", entry{
	bits: "b260bf7fe6a5a6ba",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		if v.Int("value_warmup") > 0 { // the entry is of the first update
			return vapoValues(v, b)
		}
		return vapoAfterwards(v, b)
	},
	mutants: atFirst(with(without(tokenMutants, "no KL", "KL sign", "bonus over sequences",
		"wider above"),
		mutants{
			"no KL":          advantage(objective.Whitened(vapoAhead(1, 0))),
			"KL sign":        advantage(objective.Whitened(vapoAhead(1, -0.2))),
			"KL in the loss": row(func(r *objective.Row) { r.K3Weight = 0.2 }),
			"not by length":  advantage(objective.Whitened(objective.GAE(1, 0.95, 0.2))),
			"another alpha":  advantage(objective.Whitened(vapoAhead(2, 0.2))),
			"not whitened":   advantage(objective.PerToken(vapoAhead(1, 0.2))),
			"no imitation":   row(func(r *objective.Row) { r.Extra = nil }),
			"more imitation": row(func(r *objective.Row) { r.Extra = imitateRight(0.2) }),
			"imitates all": row(func(r *objective.Row) {
				r.Extra = objective.PerCompletion(func(*objective.Completion) float64 {
					return 0.1
				})
			}),
			"over all tokens": row(func(r *objective.Row) {
				r.Extra = objective.PerCompletion(func(c *objective.Completion) float64 {
					return 0.1 * objective.BinaryReward(c)
				})
			}),
			"clipped as in grpo": row(func(r *objective.Row) { r.Mask = objective.Clip(0.2, 0.2) }),
			"no critic":          weight(2, 0),
			"value not clipped":  lastValueLoss(func(l *objective.ValueLoss) { l.Clip = 1e9 }),
			"the critic looks less far": lastValueLoss(func(l *objective.ValueLoss) {
				l.Advantage = objective.GAE(1, 0.95, 0.2)
			}),
		})),
})

// vapoAhead returns VAPO's advantages before they are whitened.
func vapoAhead(alpha, beta float64) func(*objective.Completion) []float64 {
	return func(c *objective.Completion) []float64 {
		return objective.GAE(1, math.Max(0, 1-1/(alpha*float64(c.Len()))), beta)(c)
	}
}

// lastValueLoss breaks the critic's loss, which is the last summand.
func lastValueLoss(change func(*objective.ValueLoss)) func(param.Values,
	objective.Objective) objective.Objective {
	return func(_ param.Values, o objective.Objective) objective.Objective {
		s := slices.Clone(o.(objective.Sum))
		l := s[len(s)-1].Objective.(objective.ValueLoss)
		change(&l)
		s[len(s)-1].Objective = l
		return s
	}
}

// vapoValues returns the objective of the critic, a second time: it regresses on the return
// that lambda_value gives.
func vapoValues(v param.Values, b []objective.Group) func() float64 {
	targets := map[*objective.Completion][]float64{}
	lab.Each(b, objective.Rollout, func(_, _ int, c *objective.Completion) {
		targets[c] = surprisesAt(v, v.Float("lambda_value"), c)
		for t := range targets[c] {
			targets[c][t] += c.OldValue[t]
		}
	})
	return lab.OverTokens(b, func(_, _ int, c *objective.Completion) (s float64) {
		for t, value := range c.Value {
			r := targets[c][t]
			within := math.Max(c.OldValue[t]-v.Float("value_clip"),
				math.Min(c.OldValue[t]+v.Float("value_clip"), value))
			s -= v.Float("vf_coef") * 0.5 * math.Max((value-r)*(value-r), (within-r)*(within-r))
		}
		return s
	})
}

// vapoAfterwards returns the whole objective, as it is after the warm-up.
func vapoAfterwards(v param.Values, b []objective.Group) func() float64 {
	advantages, n, mean, square := map[*objective.Completion][]float64{}, 0.0, 0.0, 0.0
	rightTokens := 0.0
	lab.Each(b, objective.Rollout, func(_, _ int, c *objective.Completion) {
		lambda := math.Max(0, 1-1/(v.Float("alpha")*float64(len(c.Logp))))
		advantages[c] = surprisesAt(v, lambda, c)
		for _, a := range advantages[c] {
			mean, n = mean+a, n+1
		}
		if c.Reward >= 1 {
			rightTokens += float64(len(c.Logp))
		}
	})
	mean /= n
	lab.Each(b, objective.Rollout, func(_, _ int, c *objective.Completion) {
		for _, a := range advantages[c] {
			square += (a - mean) * (a - mean)
		}
	})
	std, values := math.Sqrt(square/n), vapoValues(v, b)
	policy := lab.OverTokens(b, func(_, _ int, c *objective.Completion) float64 {
		return clippedEach(v, c,
			func(t int) float64 { return (advantages[c][t] - mean) / (std + 1e-4) })
	})
	return func() float64 {
		imitated := 0.0
		lab.Each(b, objective.Rollout, func(_, _ int, c *objective.Completion) {
			if c.Reward >= 1 {
				imitated += lab.Total(c.Logp)
			}
		})
		return policy() + values() + v.Float("mu")*lab.Over(imitated, rightTokens)
	}
}

// The critic learns alone for so many updates, and then all parts learn.
func TestVAPOWarmsItsCriticUp(t *testing.T) {
	for _, c := range []struct {
		step int
		want func(param.Values, []objective.Group) func() float64
	}{{0, vapoValues}, {9, vapoValues}, {10, vapoAfterwards}, {99, vapoAfterwards}} {
		build := func(v param.Values) objective.Objective {
			return VAPO.Build(v).(objective.Scheduled).At(objective.Progress{Step: c.step,
				Steps: 100})
		}
		for _, v := range append(everyKL(VAPO), VAPO.Defaults()) {
			set(t, v, "value_warmup", "10")
			if err := lab.Disagree(build, c.want, lab.Always(v), lab.ManyBatches/4); err != nil {
				t.Errorf("step %d: %v", c.step, err)
			}
		}
	}
}
