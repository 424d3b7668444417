package lab

import (
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// Each calls f for every completion from a source.
func Each(b []objective.Group, from objective.Source, f func(g, i int, c *objective.Completion)) {
	for g, group := range b {
		for i, c := range group {
			if c.Source == from {
				f(g, i, c)
			}
		}
	}
}

// PerRollout returns the mean over the batch's rollouts.
func PerRollout(b []objective.Group,
	f func(g, i int, c *objective.Completion) float64) func() float64 {
	return func() float64 {
		s, n := 0.0, 0.0
		Each(b, objective.Rollout,
			func(g, i int, c *objective.Completion) { s, n = s+f(g, i, c), n+1 })
		return Over(s, n)
	}
}

// OverTokens returns the sum over the batch's rollouts, divided by the number of their tokens.
func OverTokens(b []objective.Group,
	f func(g, i int, c *objective.Completion) float64) func() float64 {
	return func() float64 {
		s, n := 0.0, 0.0
		Each(b, objective.Rollout,
			func(g, i int, c *objective.Completion) { s, n = s+f(g, i, c), n+float64(len(c.Logp)) })
		return Over(s, n)
	}
}

// Over returns s/n, and 0 if n is 0.
func Over(s, n float64) float64 {
	if n == 0 {
		return 0
	}
	return s / n
}

// Total returns the sum of x.
func Total(x []float64) (s float64) {
	for _, v := range x {
		s += v
	}
	return s
}

// Dot returns the dot product.
func Dot(x, y []float64) (s float64) {
	for i := range x {
		s += x[i] * y[i]
	}
	return s
}

// PairMean is [PerPair] of a batch to come, whatever the settings.
func PairMean(f func(w, l *objective.Completion) float64) func(param.Values,
	[]objective.Group) func() float64 {
	return func(_ param.Values, b []objective.Group) func() float64 { return PerPair(b, f) }
}

// PerPair returns the mean over the pairs of a batch: the k-th chosen with the k-th rejected of its
// group.
func PerPair(b []objective.Group, f func(w, l *objective.Completion) float64) func() float64 {
	return func() float64 {
		s, n := 0.0, 0.0
		for _, group := range b {
			var w, l []*objective.Completion
			for _, c := range group {
				switch c.Source {
				case objective.Chosen:
					w = append(w, c)
				case objective.Rejected:
					l = append(l, c)
				}
			}
			for k := range min(len(w), len(l)) {
				s, n = s+f(w[k], l[k]), n+1
			}
		}
		return Over(s, n)
	}
}

// TokenMeanOf averages over the tokens of a source; f looks at a token once and returns what is
// then differentiated.
func TokenMeanOf(from objective.Source, f func(c *objective.Completion,
	t int) func() float64) func(param.Values, []objective.Group) func() float64 {
	return func(_ param.Values, b []objective.Group) func() float64 {
		var terms []func() float64
		Each(b, from, func(_, _ int, c *objective.Completion) {
			for t := range c.Logp {
				terms = append(terms, f(c, t))
			}
		})
		return func() float64 {
			s := 0.0
			for _, term := range terms {
				s += term()
			}
			return Over(s, float64(len(terms)))
		}
	}
}

// Sharpened returns softmax(logp/beta).
func Sharpened(logp []float64, beta float64) []float64 {
	q := slices.Clone(logp)
	for k := range q {
		q[k] /= beta
	}
	q = LogSoftmax(q)
	for k := range q {
		q[k] = math.Exp(q[k])
	}
	return q
}
