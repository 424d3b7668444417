package optim

import "github.com/posttrain/posttrain/core/internal/parallel"

// Lion (Chen et al. 2023, arXiv:2302.06675, algorithm 2) moves every weight by the same length, in
// the direction of a mean of its gradients in which the newest gradient g weighs more than in the
// mean that is kept:
//
//	w = w − lr·decay·w + lr·sign(β1·m + (1−β1)·g)
//	m = β2·m + (1−β2)·g
//
// The sign of 0 is 0.
type Lion struct {
	Moments
	b1, rest1, b2, rest2 float32 // β and 1−β

	team *parallel.Team // nil means one thread
	do   func(from, to int)

	// of the step that is going on
	weights, gradient []float32
	scale, lr, decay  float32
}

func newLion(n int, s Settings) *Lion {
	o := &Lion{Moments: Moments{M: make([]float32, n)},
		b1: float32(s.Beta1), rest1: float32(1 - s.Beta1),
		b2: float32(s.Beta2), rest2: float32(1 - s.Beta2)}
	o.do = o.update
	return o
}

// Use implements [Optimiser].
func (o *Lion) Use(team *parallel.Team) { o.team = team }

// Step implements [Optimiser].
func (o *Lion) Step(weights, gradient []float32, scale, lr, decay float64) {
	o.Steps++
	o.weights, o.gradient = weights, gradient
	o.scale, o.lr, o.decay = float32(scale), float32(lr), float32(lr*decay)
	each(o.team, len(weights), o.do)
	o.weights, o.gradient = nil, nil
}

func (o *Lion) update(from, to int) {
	w, gradient, m := o.weights[from:to], o.gradient[from:to], o.M[from:to]
	for i := range w {
		g := gradient[i] * o.scale
		mean := float32(o.b1*m[i]) + float32(o.rest1*g)
		m[i] = float32(o.b2*m[i]) + float32(o.rest2*g)
		w[i] -= float32(w[i] * o.decay)
		switch {
		case mean > 0:
			w[i] += o.lr
		case mean < 0:
			w[i] -= o.lr
		}
	}
}
