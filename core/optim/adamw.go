package optim

import (
	"github.com/posttrain/posttrain/core/internal/parallel"
	"github.com/posttrain/posttrain/core/num"
)

// AdamW (arXiv:1711.05101, algorithm 2) moves every weight by the quotient of the moments of its
// gradient g:
//
//	m = β1·m + (1−β1)·g
//	v = β2·v + (1−β2)·g²
//	w = w − lr·decay·w + lr · m/(1−β1^t) / (√(v/(1−β2^t)) + ε)
type AdamW struct {
	Moments
	settings Settings

	team *parallel.Team // nil means one thread
	do   func(from, to int)

	// of the step that is going on
	step              num.AdamWStep
	weights, gradient []float32
}

// NewAdamW returns the state before the first update of n weights, with the constants of
// [Defaults].
func NewAdamW(n int) *AdamW { return newAdamW(n, Defaults()) }

func newAdamW(n int, s Settings) *AdamW {
	a := &AdamW{Moments: Moments{M: make([]float32, n), V: make([]float32, n)}, settings: s}
	a.do = a.update
	return a
}

// Use implements [Optimiser].
func (a *AdamW) Use(team *parallel.Team) { a.team = team }

// Step implements [Optimiser].
func (a *AdamW) Step(weights, gradient []float32, scale, lr, decay float64) {
	a.Steps++
	a.weights, a.gradient, a.step = weights, gradient, a.settings.adamW(a.Steps, scale, lr, decay)
	each(a.team, len(weights), a.do)
	a.weights, a.gradient = nil, nil
}

// adamW returns the numbers of step t, from 1.
func (s Settings) adamW(t int, scale, lr, decay float64) num.AdamWStep {
	return num.AdamWStep{
		GradScale: float32(scale),
		B1:        float32(s.Beta1), OneMinusB1: float32(1 - s.Beta1),
		B2: float32(s.Beta2), OneMinusB2: float32(1 - s.Beta2),
		C1:   float32(1 / (1 - num.Pow(s.Beta1, float64(t)))),
		C2:   float32(1 / (1 - num.Pow(s.Beta2, float64(t)))),
		Rate: float32(lr), Decay: float32(lr * decay), Eps: float32(s.Eps),
	}
}

func (a *AdamW) update(from, to int) {
	num.AdamW(a.weights[from:to], a.gradient[from:to], a.M[from:to], a.V[from:to], a.step)
}
