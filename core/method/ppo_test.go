package method

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("ppo", entry{bits: "1c1bc0806e9fca60", objective: ppoTextbook, mutants: ppoMutants})

// ppoTextbook returns the objective of PPO with a critic, written from the paper.
func ppoTextbook(v param.Values, b []objective.Group) func() float64 {
	advantages, n, mean, square := map[*objective.Completion][]float64{}, 0.0, 0.0, 0.0
	lab.Each(b, objective.Rollout, func(_, _ int, c *objective.Completion) {
		advantages[c] = surprises(v, c)
		for _, a := range advantages[c] {
			mean, n = mean+a, n+1
		}
	})
	mean /= n
	lab.Each(b, objective.Rollout, func(_, _ int, c *objective.Completion) {
		for _, a := range advantages[c] {
			square += (a - mean) * (a - mean)
		}
	})
	std := math.Sqrt(square / n)
	return lab.OverTokens(b, func(_, _ int, c *objective.Completion) float64 {
		s := clippedEach(v, c,
			func(t int) float64 { return (advantages[c][t] - mean) / (std + 1e-4) })
		for t, value := range c.Value {
			r := advantages[c][t] + c.OldValue[t]
			within := math.Max(c.OldValue[t]-v.Float("value_clip"),
				math.Min(c.OldValue[t]+v.Float("value_clip"), value))
			s -= v.Float("vf_coef") * 0.5 * math.Max((value-r)*(value-r), (within-r)*(within-r))
		}
		return s
	})
}

// ppoMutants are mistakes in it.
var ppoMutants = with(without(tokenMutants, "no KL", "KL sign", "bonus over sequences"), mutants{
	"KL in the loss":  row(func(r *objective.Row) { r.K3Weight = 0.2 }),
	"no KL":           advantage(objective.Whitened(objective.GAE(1, 0.95, 0))),
	"KL sign":         advantage(objective.Whitened(objective.GAE(1, 0.95, -0.2))),
	"discounted":      advantage(objective.Whitened(objective.GAE(0.9, 0.95, 0.2))),
	"to the end":      advantage(objective.Whitened(objective.GAE(1, 1, 0.2))),
	"one token ahead": advantage(objective.Whitened(objective.GAE(1, 0, 0.2))),
	"not whitened":    advantage(objective.PerToken(objective.GAE(1, 0.95, 0.2))),
	"returns":         advantage(objective.Whitened(returns(1, 0.2))),
	"no critic": func(_ param.Values, o objective.Objective) objective.Objective {
		return o.(objective.Sum)[:2]
	},
	"weight of the critic": func(_ param.Values, o objective.Objective) objective.Objective {
		return append(o.(objective.Sum), o.(objective.Sum)[2])
	},
	"the bonus over answers": func(_ param.Values, o objective.Objective) objective.Objective {
		return append(o.(objective.Sum)[:0:0], o.(objective.Sum)[0], objective.Weighted{Weight: 0.1,
			Objective: objective.EntropyBonus{Reduce: objective.SeqMean}}, o.(objective.Sum)[2])
	},
	"value not clipped":      valueLoss(func(l *objective.ValueLoss) { l.Clip = 1e9 }),
	"value clipped narrowly": valueLoss(func(l *objective.ValueLoss) { l.Clip = 0.1 }),
	"value of the old critic": valueLoss(func(l *objective.ValueLoss) {
		l.Advantage = func(c *objective.Completion) []float64 { return make([]float64, c.Len()) }
	}),
	"value of other returns": valueLoss(
		func(l *objective.ValueLoss) { l.Advantage = objective.GAE(1, 1, 0.2) }),
})

// surprises returns the advantages of a completion's tokens, by the sum written out.
func surprises(v param.Values, c *objective.Completion) []float64 {
	return surprisesAt(v, v.Float("lambda"), c)
}

// surprisesAt is surprises with another lambda.
func surprisesAt(v param.Values, lambda float64, c *objective.Completion) (out []float64) {
	gamma := v.Float("gamma")
	for t := range c.Logp {
		a := 0.0
		for s := t; s < len(c.Logp); s++ {
			d := -tax(v)*(c.OldLogp[s]-c.RefLogp[s]) - c.OldValue[s]
			if s == len(c.Logp)-1 {
				d += c.Reward
			} else {
				d += gamma * c.OldValue[s+1]
			}
			a += math.Pow(gamma*lambda, float64(s-t)) * d
		}
		out = append(out, a)
	}
	return out
}

// valueLoss breaks the critic's loss.
func valueLoss(change func(*objective.ValueLoss)) func(param.Values,
	objective.Objective) objective.Objective {
	return func(_ param.Values, o objective.Objective) objective.Objective {
		s := slices.Clone(o.(objective.Sum))
		l := s[2].Objective.(objective.ValueLoss)
		change(&l)
		s[2].Objective = l
		return s
	}
}

// At its two ends the estimate is what it is made of: looking to the end, the return less the
// critic's guess; looking one token ahead, the surprise alone. With a critic that says 0 and no
// discount by λ it is REINFORCE++'s return.
func TestGAEAtItsEnds(t *testing.T) {
	for seed := range uint64(50) {
		lab.Each(lab.New(seed, mustDefaults("ppo")).Batch, objective.Rollout,
			func(_, _ int, c *objective.Completion) {
				toEnd, ahead, rewardsToGo := objective.GAE(0.9, 1, 0.3)(c), objective.GAE(0.9, 0,
					0.3)(c), returns(0.9, 0.3)(c)
				for i, paid := range objective.TokenRewards(c, 0.3) {
					next := 0.0
					if i+1 < c.Len() {
						next = c.OldValue[i+1]
					}
					// A handful of float64 roundings of numbers near 1.
					if want := rewardsToGo[i] - c.OldValue[i]; math.Abs(toEnd[i]-want) > 1e-12 {
						t.Fatalf("lambda 1, token %d: %v, the return less the value is %v", i,
							toEnd[i],
							want)
					}
					if want := paid + 0.9*next - c.OldValue[i]; math.Abs(ahead[i]-want) > 1e-12 {
						t.Fatalf("lambda 0, token %d: %v, the surprise is %v", i, ahead[i], want)
					}
				}
				clear(c.OldValue)
				for i, a := range objective.GAE(0.9, 1, 0.3)(c) {
					if math.Abs(a-rewardsToGo[i]) > 1e-12 {
						t.Fatalf("critic at 0, token %d: %v, REINFORCE++ has %v", i, a,
							rewardsToGo[i])
					}
				}
			})
	}
}

// A critic that is right everywhere learns nothing, and its advantages are 0.
func TestAPerfectCriticLeavesNothingToLearn(t *testing.T) {
	for seed := range uint64(50) {
		b := lab.New(seed, mustDefaults("ppo")).Batch
		lab.Each(b, objective.Rollout, func(_, _ int, c *objective.Completion) {
			objective.Fill(c.Value, c.Reward)
			objective.Fill(c.OldValue, c.Reward)
		})
		lab.Each(b, objective.Rollout, func(g, i int, c *objective.Completion) {
			for k, x := range lab.Add(built(t, "ppo", "beta", "0"), b)[g][i].Value {
				if math.Abs(x) > 1e-12 { // float64 rounding
					t.Fatalf("token %d: the critic is pushed by %v", k, x)
				}
			}
		})
	}
}

// The order of events at a bound of the clip: what stops is only what has gone too far already.
func TestValueClipByHand(t *testing.T) {
	l := objective.ValueLoss{Clip: 0.2}
	for _, c := range []struct{ v, old, target, want float64 }{
		{0.5, 0.5, 1, 0.5},  // not moved
		{0.6, 0.5, 1, 0.4},  // moved a little
		{0.8, 0.5, 1, 0},    // moved enough: the clipped value is farther from the target
		{0.8, 0.5, 0, -0.8}, // moved the wrong way: it may come back
		{0.2, 0.5, 0, 0},
		{0.2, 0.5, 1, 0.8},
	} {
		if got := l.Slope(c.v, c.old, c.target); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%+v: slope %v", c, got)
		}
	}
}
