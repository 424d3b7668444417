package train

import (
	"math"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/rollout"
)

// selection chooses n sequences of a pool, one after the other, by the greedy algorithm of
// arXiv:2505.14826. It always takes the sequence that adds most to log det(1 + Σ x·xᵀ). The sum
// runs over all tokens of the chosen sequences, and x (T,C) are the features from which the head of
// the stage's starting model predicts each token. This gain is a lower bound of the gain in the
// log-determinant of the Hessian of a multinomial logistic regression on the features, whatever the
// tokens are.
//
// The choice is made in parts, so that no unit of work takes long.
type selection struct {
	n        int
	pool     []*rollout.Sequence
	features [][]float64 // (T,C) of the first sequences of the pool; in the end of all
	design   *design

	// The gain of a sequence only falls as others are chosen. So it is enough to compute the
	// largest of the known gains again: if it is still the largest, its sequence is chosen.
	gains   []float64
	gainAge []int // how many were chosen when the gain was computed; -1 if it never was
	taken   []bool
	chosen  []int
}

func newSelection(n, dim int, pool []*rollout.Sequence) *selection {
	s := &selection{n: n, pool: pool, design: newDesign(dim), gains: make([]float64, len(pool)),
		gainAge: make([]int, len(pool)), taken: make([]bool, len(pool))}
	for i := range pool {
		s.gains[i], s.gainAge[i] = math.Inf(1), -1
	}
	return s
}

// advance does the next part of the selection and reports whether all n sequences are chosen. start
// is the stage's starting model, and rows is how many sequences it reads at a time.
func (s *selection) advance(scorer *rollout.Scorer, start *model.Network, rows int) (done bool) {
	const gainsPerPart = 100
	if from := len(s.features); from < len(s.pool) {
		part := s.pool[from:min(from+rows, len(s.pool))]
		s.features = append(s.features, make([][]float64, len(part))...)
		scorer.Hidden(start, part, func(i int, hidden []float32) {
			x := make([]float64, len(hidden))
			for k, h := range hidden {
				x[k] = float64(h)
			}
			s.features[from+i] = x
		})
		return false
	}
	for range gainsPerPart {
		if len(s.chosen) == s.n {
			break
		}
		s.choose()
	}
	return len(s.chosen) == s.n
}

// choose chooses the sequence with the largest gain. If this gain is out of date, choose computes
// it again instead.
func (s *selection) choose() {
	best := -1
	for i, g := range s.gains {
		if !s.taken[i] && (best < 0 || g > s.gains[best]) {
			best = i
		}
	}
	if s.gainAge[best] < len(s.chosen) {
		s.gains[best], s.gainAge[best] = s.design.gain(s.features[best]), len(s.chosen)
		return
	}
	s.design.add(s.features[best])
	s.chosen, s.taken[best] = append(s.chosen, best), true
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

// add adds the tokens x (T,C) to the sum.
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

// gain returns by how much log det grows if the tokens x (T,C) are added, which is
// log det(1 + x·sum⁻¹·xᵀ).
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

// cholesky replaces the lower triangle of a positive definite matrix a (n,n) by L, where L·Lᵀ = a,
// and returns the logarithm of the determinant of a. What is above the diagonal stays as it was.
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

// dot returns the inner product of two vectors of the same length.
func dot(a, b []float64) (s float64) {
	for i, x := range a {
		s += float64(x * b[i])
	}
	return s
}
