package optim

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/parallel"
	"github.com/posttrain/posttrain/core/num"
)

// Matrix is a matrix of a hidden layer in a block of weights.
type Matrix struct {
	From       int // where it begins
	Rows, Cols int
}

func (m Matrix) size() int { return m.Rows * m.Cols }

// Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/) moves a matrix by an
// orthogonal matrix near its momentum, so that all directions in it move about as far. The scale of
// Liu et al. 2025, arXiv:2502.16982, equation 4, gives the entries of an update a root mean square
// of 0.2·lr, as AdamW's have in long runs:
//
//	M = β1·M + G
//	W = W − lr·decay·W + lr · 0.2·√max(rows,cols) · O, where O is [Orthogonalise] of M
//
// As in both sources, AdamW updates all that is no matrix of a hidden layer: embeddings, gains and
// the output layer. Momentum is as in the second source's equation 1, without the first one's
// Nesterov step.
type Muon struct {
	Moments  // M of all weights, V of those that AdamW updates
	settings Settings
	matrices []Matrix
	spans    []span // what AdamW updates

	team  *parallel.Team // nil means one thread
	bench []orthogonaliser
	do    func(worker, item int)

	// of the step that is going on
	weights, gradient []float32
	scale, lr, decay  float64
}

// span is a range of weights outside the matrices.
type span struct {
	from, to int
	second   int // where its second moments begin
}

func newMuon(n int, s Settings, matrices []Matrix) *Muon {
	o := &Muon{settings: s, matrices: matrices}
	at, second := 0, 0
	rest := func(to int) {
		if to > at {
			o.spans = append(o.spans, span{at, to, second})
			second += to - at
		}
	}
	for _, m := range matrices {
		rest(m.From)
		at = m.From + m.size()
	}
	rest(n)
	o.M, o.V = make([]float32, n), make([]float32, second)
	o.bench = make([]orthogonaliser, 1)
	o.do = o.update
	return o
}

// Use implements [Optimiser].
func (o *Muon) Use(team *parallel.Team) {
	o.team, o.bench = team, make([]orthogonaliser, team.Size())
}

// Step implements [Optimiser].
func (o *Muon) Step(weights, gradient []float32, scale, lr, decay float64) {
	o.Steps++
	o.weights, o.gradient, o.scale, o.lr, o.decay = weights, gradient, scale, lr, decay
	if o.team != nil {
		o.team.Do(len(o.matrices), o.do)
	} else {
		for i := range o.matrices {
			o.update(0, i)
		}
	}
	step := o.settings.adamW(o.Steps, scale, lr, decay)
	for _, s := range o.spans {
		num.AdamW(weights[s.from:s.to], gradient[s.from:s.to], o.M[s.from:s.to],
			o.V[s.second:s.second+s.to-s.from], step)
	}
	o.weights, o.gradient = nil, nil
}

// update updates a matrix.
func (o *Muon) update(worker, item int) {
	at := o.matrices[item]
	to := at.From + at.size()
	w, g, m := o.weights[at.From:to], o.gradient[at.From:to], o.M[at.From:to]
	scale, beta1 := float32(o.scale), float32(o.settings.Beta1)
	for i := range m {
		m[i] = float32(beta1*m[i]) + float32(g[i]*scale)
	}
	direction := o.bench[worker].orthogonalise(m, at.Rows, at.Cols)
	decay := float32(o.lr * o.decay)
	rate := float32(o.lr * 0.2 * math.Sqrt(float64(max(at.Rows, at.Cols))))
	for i := range w {
		w[i] = (w[i] - float32(w[i]*decay)) + float32(rate*direction[i])
	}
}

// MuonFLOPs returns the arithmetic of the matrix products in a step of Muon on some matrices.
func MuonFLOPs(matrices []Matrix) (flops float64) {
	for _, m := range matrices {
		short, long := float64(min(m.Rows, m.Cols)), float64(max(m.Rows, m.Cols))
		flops += float64(iterations * 2 * short * short * (float64(2*long) + short))
	}
	return flops
}
