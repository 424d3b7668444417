package objective_test

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// The parts that no registered method uses yet, or not in every way, against textbook objectives of
// methods that would.

// dpo returns the objective of direct preference optimization (arXiv:2305.18290 eq. 7).
func dpo(beta float64) objective.Objective {
	return objective.Pairwise{
		Score: func(c *objective.Completion) (score, slope float64) {
			return beta * (objective.Total(c.Logp) - objective.Total(c.RefLogp)), beta
		},
		Slope:    func(margin float64) float64 { return objective.Sigmoid(-margin) },
		Requires: objective.Logp | objective.RefLogp,
	}
}

// simpo scores by the mean over tokens (arXiv:2405.14734 eq. 6).
func simpo(beta, gamma float64) objective.Objective {
	return objective.Pairwise{
		Score: func(c *objective.Completion) (score, slope float64) {
			return beta * objective.Mean(c.Logp), beta / float64(c.Len())
		},
		Slope:    func(margin float64) float64 { return objective.Sigmoid(gamma - margin) },
		Requires: objective.Logp,
	}
}

// gem is entropic distribution matching with h linear: c = e_y − q, q = softmax(z/β) held fixed,
// averaged over tokens.
type gem struct {
	beta float64
	// the demonstration's token, known to the test alone
	token func(c *objective.Completion, t int) int
}

func (gem) Needs() objective.Needs { return objective.Demos | objective.Dist }

func (o gem) Add(dst objective.Coeffs, batch []objective.Group) {
	norm := objective.TokenMean.Share(batch, objective.Demo)
	for g, group := range batch {
		for i, c := range group {
			if c.Source != objective.Demo {
				continue
			}
			v := c.Vocab()
			dense := dst[g][i].NeedDense(len(c.Dist))
			for t := range c.Len() {
				q := lab.Sharpened(c.Dist[t*v:(t+1)*v], o.beta)
				for k := range q {
					dense[t*v+k] -= q[k] * norm(c)
				}
				dense[t*v+o.token(c, t)] += norm(c)
			}
		}
	}
}

// expert stands in for a demonstration's token, which objectives do not see.
func expert(c *objective.Completion, t int) int { return t % lab.Vocab }

// exactKL penalises KL(π‖π_ref) of every rollout token.
type exactKL struct{ beta float64 }

func (exactKL) Needs() objective.Needs { return objective.Rollouts }

func (o exactKL) Add(dst objective.Coeffs, batch []objective.Group) {
	norm := objective.SeqMean.Share(batch, objective.Rollout)
	lab.Each(batch, objective.Rollout, func(g, i int, c *objective.Completion) {
		for t := range dst[g][i].ExactKL {
			dst[g][i].ExactKL[t] -= o.beta * norm(c)
		}
	})
}

// critic regresses the value on the reward.
type critic struct{}

func (critic) Needs() objective.Needs { return objective.Rollouts | objective.Value }

func (critic) Add(dst objective.Coeffs, batch []objective.Group) {
	norm := objective.TokenMean.Share(batch, objective.Rollout)
	lab.Each(batch, objective.Rollout, func(g, i int, c *objective.Completion) {
		for t, v := range c.Value {
			dst[g][i].Value[t] += (c.Reward - v) * norm(c)
		}
	})
}

// parts pairs objectives with their textbooks.
var parts = []struct {
	Name string
	obj  objective.Objective
	want func(param.Values, []objective.Group) func() float64
}{
	{"dpo", dpo(0.3), lab.PairMean(func(w, l *objective.Completion) float64 {
		delta := lab.Total(w.Logp) - lab.Total(w.RefLogp) - lab.Total(l.Logp) + lab.Total(l.RefLogp)
		return -math.Log1p(math.Exp(-0.3 * delta))
	})},
	{"simpo", simpo(2.5, 1.375), lab.PairMean(func(w, l *objective.Completion) float64 {
		delta := lab.Total(w.Logp)/float64(len(w.Logp)) - lab.Total(l.Logp)/float64(len(l.Logp))
		return -math.Log1p(math.Exp(-(2.5*delta - 1.375)))
	})},
	{"dft", objective.Row{From: objective.Demo, Denom: objective.OverOne},
		lab.TokenMeanOf(objective.Demo, func(c *objective.Completion, t int) func() float64 {
			return func() float64 { return math.Exp(c.Logp[t]) }
		})},
	{"iw-sft", objective.Row{From: objective.Demo, Denom: objective.OverReference,
		Ratio: func(x, _ float64) float64 { return max(0.2, min(1.8, x)) }},
		lab.TokenMeanOf(objective.Demo, func(c *objective.Completion, t int) func() float64 {
			w := max(0.2, min(1.8, math.Exp(c.Logp[t]-c.RefLogp[t])))
			return func() float64 { return w * c.Logp[t] }
		})},
	{"gspo without clip", objective.Row{From: objective.Rollout, Denom: objective.OverBehaviour,
		Span: objective.OfMean, Reduce: objective.SeqMean}, func(_ param.Values,
		b []objective.Group) func() float64 {
		return lab.PerRollout(b, func(_, _ int, c *objective.Completion) float64 {
			return math.Exp((lab.Total(c.Logp) - lab.Total(c.OldLogp)) / float64(len(c.Logp)))
		})
	}},
	{"a mean of ratios that are limited one by one", objective.Row{From: objective.Rollout,
		Denom: objective.OverBehaviour, Span: objective.OfMean,
		Advantage: objective.PerCompletion(func(c *objective.Completion) float64 {
			return c.Reward - 0.4
		}),
		Mask:   objective.Clip(0.2, 0.3),
		Within: objective.WithinClip(0.2, 0.3), Reduce: objective.SeqMean}, func(_ param.Values,
		b []objective.Group) func() float64 {
		return lab.PerRollout(b, func(_, _ int, c *objective.Completion) float64 {
			s, a := 0.0, c.Reward-0.4
			for t, lp := range c.Logp {
				if x := lp - c.OldLogp[t]; a > 0 {
					s += math.Min(x, math.Log(1.3))
				} else {
					s += math.Max(x, math.Log(0.8))
				}
			}
			return math.Exp(s/float64(len(c.Logp))) * a
		})
	}},
	{"half the tokens", objective.Row{From: objective.Demo,
		Select: func([]objective.Group) func(g, i, t int) float64 { return lab.Odd }},
		lab.TokenMeanOf(objective.Demo, func(c *objective.Completion, t int) func() float64 {
			return func() float64 { return c.Logp[t] * float64(t%2) }
		})},
	{"gem", gem{beta: 0.7, token: expert},
		lab.TokenMeanOf(objective.Demo, func(c *objective.Completion, t int) func() float64 {
			row := c.Dist[t*lab.Vocab : (t+1)*lab.Vocab]
			q := lab.Sharpened(row, 0.7)
			return func() float64 {
				s := row[expert(c, t)]
				for k, lp := range row {
					s -= q[k] * lp
				}
				return s
			}
		})},
	{"exact KL", exactKL{beta: 0.3}, func(_ param.Values, b []objective.Group) func() float64 {
		return lab.PerRollout(b, func(_, _ int, c *objective.Completion) float64 {
			s := 0.0
			for k, lp := range c.Dist {
				s -= 0.3 * math.Exp(lp) * (lp - c.RefDist[k])
			}
			return s / float64(len(c.Logp))
		})
	}},
	{"critic", objective.Sum{{Weight: 0.5, Objective: critic{}}},
		lab.TokenMeanOf(objective.Rollout, func(c *objective.Completion, t int) func() float64 {
			return func() float64 {
				return -0.25 * (c.Reward - c.Value[t]) * (c.Reward -
					c.Value[t])
			}
		})},
	{"everything together", objective.Sum{{Weight: -0.7, Objective: gem{beta: 0.7, token: expert}},
		{Weight: 1, Objective: exactKL{beta: 0.3}}, {Weight: 0, Objective: dpo(1)}, {Weight: 0.5,
			Objective: gem{beta: 0.7,
				token: expert}}}, func(_ param.Values, b []objective.Group) func() float64 {
		gem := lab.TokenMeanOf(objective.Demo, func(c *objective.Completion, t int) func() float64 {
			row := c.Dist[t*lab.Vocab : (t+1)*lab.Vocab]
			q := lab.Sharpened(row, 0.7)
			return func() float64 { return row[expert(c, t)] - lab.Dot(q, row) }
		})(param.Values{}, b)
		kl := lab.PerRollout(b, func(_, _ int, c *objective.Completion) float64 {
			s := 0.0
			for k, lp := range c.Dist {
				s -= 0.3 * math.Exp(lp) * (lp - c.RefDist[k])
			}
			return s / float64(len(c.Logp))
		})
		return func() float64 { return -0.2*gem() + kl() }
	}},
}

func TestPartsMatchTheirTextbooks(t *testing.T) {
	for _, c := range parts {
		if err := lab.Disagree(func(param.Values) objective.Objective { return c.obj }, c.want,
			lab.Always(param.Values{}), lab.ManyBatches); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
}
