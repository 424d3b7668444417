package train

import (
	"math"

	"posttrain/core/num"
	"posttrain/core/rollout"
)

// features are what the head of the stage's starting model reads to predict each token of each response: (T,C) of every sequence.
func (s *Session) features(pool []*rollout.Sequence) [][]float64 {
	out := make([][]float64, len(pool))
	s.scorer.Hidden(s.startNetwork(), pool, func(i int, hidden []float32) {
		out[i] = make([]float64, len(hidden))
		for k, x := range hidden {
			out[i][k] = float64(x)
		}
	})
	return out
}

// mostInformative chooses n of some sequences by their features x (T,C), one after the other: always the one that adds most to
// log det(1 + Σ x·xᵀ), the sum running over all tokens of those chosen (arXiv:2505.14826, its greedy algorithm). That bounds from
// below what the Hessian of a multinomial logistic regression on the features gains, whatever the tokens are. What a sequence adds
// only falls as others are chosen, so one that adds most by an old reckoning is reckoned anew, and taken if it still does.
func mostInformative(features [][]float64, dim, n int) (chosen []int) {
	d := newDesign(dim)
	gains, reckoned := make([]float64, len(features)), make([]int, len(features)) // when so many were chosen
	for i, x := range features {
		gains[i] = d.gain(x)
	}
	for len(chosen) < n {
		best := -1
		for i, g := range gains {
			if reckoned[i] >= 0 && (best < 0 || g > gains[best]) {
				best = i
			}
		}
		if reckoned[best] < len(chosen) {
			gains[best], reckoned[best] = d.gain(features[best]), len(chosen)
			continue
		}
		d.add(features[best])
		chosen, reckoned[best] = append(chosen, best), -1
	}
	return chosen
}

// design is the unit matrix plus Σ x·xᵀ over the tokens that were added.
type design struct {
	dim       int
	sum, root []float64 // (C,C); root·rootᵀ = sum, root is lower triangular
}

func newDesign(dim int) *design {
	d := &design{dim: dim, sum: make([]float64, dim*dim)}
	for i := range dim {
		d.sum[i*dim+i] = 1
	}
	d.add(nil)
	return d
}

// add adds the tokens x (T,C).
func (d *design) add(x []float64) {
	for ; len(x) > 0; x = x[d.dim:] {
		for i := range d.dim {
			for j := range d.dim {
				d.sum[i*d.dim+j] += float64(x[i] * x[j])
			}
		}
	}
	d.root = append(d.root[:0], d.sum...)
	cholesky(d.root, d.dim)
}

// gain is by how much log det grows if the tokens x (T,C) are added: log det(1 + x·sum⁻¹·xᵀ).
func (d *design) gain(x []float64) float64 {
	n := len(x) / d.dim
	y := append([]float64(nil), x...) // (T,C) root·y = x
	for t := range n {
		row := y[t*d.dim : (t+1)*d.dim]
		for i := range row {
			row[i] = (row[i] - dot(d.root[i*d.dim:i*d.dim+i], row[:i])) / d.root[i*d.dim+i]
		}
	}
	gram := make([]float64, n*n) // (T,T)
	for t := range n {
		for u := range n {
			gram[t*n+u] = dot(y[t*d.dim:(t+1)*d.dim], y[u*d.dim:(u+1)*d.dim])
		}
		gram[t*n+t]++
	}
	return cholesky(gram, n)
}

// cholesky turns a positive definite matrix (n,n) into the lower triangle L of L·Lᵀ and returns the logarithm of its determinant.
// What is above the diagonal stays as it was.
func cholesky(a []float64, n int) (logDet float64) {
	for i := range n {
		row := a[i*n : (i+1)*n]
		for j := range i {
			row[j] = (row[j] - dot(row[:j], a[j*n:j*n+j])) / a[j*n+j]
		}
		square := row[i] - dot(row[:i], row[:i])
		row[i] = math.Sqrt(square)
		logDet += num.Log(square)
	}
	return logDet
}

// dot is the inner product of two vectors of one length.
func dot(a, b []float64) (s float64) {
	for i, x := range a {
		s += float64(x * b[i])
	}
	return s
}
