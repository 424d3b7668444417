package method

import (
	"math"
	"slices"
	"testing"

	"posttrain/core/num"
	"posttrain/core/param"
)

// The parts that no registered method uses yet, or not in every way, against textbook objectives of methods that would.

// dpo is direct preference optimization (arXiv:2305.18290 eq. 7).
func dpo(beta float64) Objective {
	return Pairwise{
		Score: func(c *Completion) (score, slope float64) { return beta * (sum(c.Logp) - sum(c.RefLogp)), beta },
		Slope: func(margin float64) float64 { return num.Sigmoid(-margin) }, Requires: Logp | RefLogp,
	}
}

// simpo scores by the mean over tokens (arXiv:2405.14734 eq. 6).
func simpo(beta, gamma float64) Objective {
	return Pairwise{
		Score: func(c *Completion) (score, slope float64) {
			return beta * mean(c.Logp), beta / float64(c.Len())
		},
		Slope: func(margin float64) float64 { return num.Sigmoid(gamma - margin) }, Requires: Logp,
	}
}

// gem is entropic distribution matching with h linear: c = e_y − q, q = softmax(z/β) held fixed, averaged over tokens.
type gem struct {
	beta  float64
	token func(c *Completion, t int) int // the demonstration's token, known to the test alone
}

func (gem) Needs() Needs { return Demos | Dist }

func (o gem) Add(dst Coeffs, batch []Group) {
	norm := TokenMean.over(batch, Demo)
	for g, group := range batch {
		for i, c := range group {
			if c.Source != Demo {
				continue
			}
			v := c.Vocab()
			dense := dst[g][i].NeedDense(len(c.Dist))
			for t := range c.Len() {
				q := sharpened(c.Dist[t*v:(t+1)*v], o.beta)
				for k := range q {
					dense[t*v+k] -= q[k] * norm(c)
				}
				dense[t*v+o.token(c, t)] += norm(c)
			}
		}
	}
}

func sharpened(logp []float64, beta float64) []float64 {
	q := slices.Clone(logp)
	for k := range q {
		q[k] /= beta
	}
	q = logSoftmax(q)
	for k := range q {
		q[k] = math.Exp(q[k])
	}
	return q
}

// expert stands in for a demonstration's token, which objectives do not see.
func expert(c *Completion, t int) int { return t % labVocab }

// exactKL penalises KL(π‖π_ref) of every rollout token.
type exactKL struct{ beta float64 }

func (exactKL) Needs() Needs { return Rollouts }

func (o exactKL) Add(dst Coeffs, batch []Group) {
	norm := SeqMean.over(batch, Rollout)
	each(batch, Rollout, func(g, i int, c *Completion) {
		for t := range dst[g][i].KL {
			dst[g][i].KL[t] -= o.beta * norm(c)
		}
	})
}

// critic regresses the value on the reward.
type critic struct{}

func (critic) Needs() Needs { return Rollouts | Value }

func (critic) Add(dst Coeffs, batch []Group) {
	norm := TokenMean.over(batch, Rollout)
	each(batch, Rollout, func(g, i int, c *Completion) {
		for t, v := range c.Value {
			dst[g][i].Value[t] += (c.Reward - v) * norm(c)
		}
	})
}

// parts pairs objectives with their textbooks.
var parts = []struct {
	name string
	obj  Objective
	want func(param.Values, []Group) func() float64
}{
	{"dpo", dpo(0.3), pairMean(func(w, l *Completion) float64 {
		delta := total(w.Logp) - total(w.RefLogp) - total(l.Logp) + total(l.RefLogp)
		return -math.Log1p(math.Exp(-0.3 * delta))
	})},
	{"simpo", simpo(2.5, 1.375), pairMean(func(w, l *Completion) float64 {
		delta := total(w.Logp)/float64(len(w.Logp)) - total(l.Logp)/float64(len(l.Logp))
		return -math.Log1p(math.Exp(-(2.5*delta - 1.375)))
	})},
	{"dft", Row{From: Demo, Denom: OverOne}, tokenMean(Demo, func(c *Completion, t int) func() float64 {
		return func() float64 { return math.Exp(c.Logp[t]) }
	})},
	{"iw-sft", Row{From: Demo, Denom: OverReference, Ratio: func(x, _ float64) float64 { return max(0.2, min(1.8, x)) }},
		tokenMean(Demo, func(c *Completion, t int) func() float64 {
			w := max(0.2, min(1.8, math.Exp(c.Logp[t]-c.RefLogp[t])))
			return func() float64 { return w * c.Logp[t] }
		})},
	{"gspo without clip", Row{From: Rollout, Denom: OverBehaviour, Span: OfMean, Reduce: SeqMean}, func(_ param.Values, b []Group) func() float64 {
		return perRollout(b, func(_, _ int, c *Completion) float64 {
			return math.Exp((total(c.Logp) - total(c.OldLogp)) / float64(len(c.Logp)))
		})
	}},
	{"half the tokens", Row{From: Demo, Select: func([]Group) func(g, i, t int) float64 { return odd }},
		tokenMean(Demo, func(c *Completion, t int) func() float64 {
			return func() float64 { return c.Logp[t] * float64(t%2) }
		})},
	{"gem", gem{0.7, expert}, tokenMean(Demo, func(c *Completion, t int) func() float64 {
		row := c.Dist[t*labVocab : (t+1)*labVocab]
		q := sharpened(row, 0.7)
		return func() float64 {
			s := row[expert(c, t)]
			for k, lp := range row {
				s -= q[k] * lp
			}
			return s
		}
	})},
	{"exact KL", exactKL{0.3}, func(_ param.Values, b []Group) func() float64 {
		return perRollout(b, func(_, _ int, c *Completion) float64 {
			s := 0.0
			for k, lp := range c.Dist {
				s -= 0.3 * math.Exp(lp) * (lp - c.RefDist[k])
			}
			return s / float64(len(c.Logp))
		})
	}},
	{"critic", Sum{{0.5, critic{}}}, tokenMean(Rollout, func(c *Completion, t int) func() float64 {
		return func() float64 { return -0.25 * (c.Reward - c.Value[t]) * (c.Reward - c.Value[t]) }
	})},
	{"everything together", Sum{{-0.7, gem{0.7, expert}}, {1, exactKL{0.3}}, {0, dpo(1)}, {0.5, gem{0.7, expert}}}, func(_ param.Values, b []Group) func() float64 {
		gem := tokenMean(Demo, func(c *Completion, t int) func() float64 {
			row := c.Dist[t*labVocab : (t+1)*labVocab]
			q := sharpened(row, 0.7)
			return func() float64 { return row[expert(c, t)] - dot(q, row) }
		})(param.Values{}, b)
		kl := perRollout(b, func(_, _ int, c *Completion) float64 {
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
		if err := disagree(func(param.Values) Objective { return c.obj }, c.want, always(param.Values{}), manyBatches); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func dot(x, y []float64) (s float64) {
	for i := range x {
		s += x[i] * y[i]
	}
	return s
}

// pairMean is the mean over the pairs of a batch: the k-th chosen with the k-th rejected of its group.
func pairMean(f func(w, l *Completion) float64) func(param.Values, []Group) func() float64 {
	return func(_ param.Values, b []Group) func() float64 {
		return func() float64 {
			s, n := 0.0, 0.0
			for _, group := range b {
				var w, l []*Completion
				for _, c := range group {
					switch c.Source {
					case Chosen:
						w = append(w, c)
					case Rejected:
						l = append(l, c)
					}
				}
				for k := range min(len(w), len(l)) {
					s, n = s+f(w[k], l[k]), n+1
				}
			}
			return over(s, n)
		}
	}
}

// tokenMean averages over the tokens of a source; f looks at a token once and returns what is then differentiated.
func tokenMean(from Source, f func(c *Completion, t int) func() float64) func(param.Values, []Group) func() float64 {
	return func(_ param.Values, b []Group) func() float64 {
		var terms []func() float64
		each(b, from, func(_, _ int, c *Completion) {
			for t := range c.Logp {
				terms = append(terms, f(c, t))
			}
		})
		return func() float64 {
			s := 0.0
			for _, term := range terms {
				s += term()
			}
			return over(s, float64(len(terms)))
		}
	}
}
