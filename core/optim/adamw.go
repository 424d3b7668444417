package optim

import (
	"github.com/posttrain/posttrain/core/internal/parallel"
	"github.com/posttrain/posttrain/core/num"
)

// Constants of AdamW (arXiv:1711.05101, algorithm 2), the same for every method. Runs are a few
// hundred updates long, so the second moment averages over about a hundred
// (docs/decisions/0003-adamw.md).
const (
	beta1 = 0.9
	beta2 = 0.99
	eps   = 1e-8
)

// AdamW is the optimiser's state for a block of weights.
type AdamW struct {
	Steps int       // updates taken
	M     []float32 // first moment, like the weights
	V     []float32 // second moment, like the weights

	team *parallel.Team // nil means one thread
	do   func(from, to int)

	// of the step that is going on
	step              num.AdamWStep
	weights, gradient []float32
}

// NewAdamW returns the state before the first update of n weights.
func NewAdamW(n int) *AdamW {
	return &AdamW{M: make([]float32, n), V: make([]float32, n)}
}

// Use makes the steps that follow share their work among the workers of a team. The results are the
// same.
func (a *AdamW) Use(team *parallel.Team) { a.team, a.do = team, a.update }

// Step multiplies the weights by 1 − lr·decay and then moves them along gradient, which is
// multiplied by scale first, at rate lr.
func (a *AdamW) Step(weights, gradient []float32, scale, lr, decay float64) {
	a.Steps++
	t := float64(a.Steps)
	a.weights, a.gradient, a.step = weights, gradient, num.AdamWStep{
		GradScale: float32(scale),
		B1:        beta1, OneMinusB1: 1 - beta1,
		B2: beta2, OneMinusB2: 1 - beta2,
		C1:   float32(1 / (1 - num.Pow(beta1, t))),
		C2:   float32(1 / (1 - num.Pow(beta2, t))),
		Rate: float32(lr), Decay: float32(lr * decay), Eps: eps,
	}
	if a.team == nil {
		a.update(0, len(weights))
	} else {
		a.team.Ranges(len(weights), a.do)
	}
	a.weights, a.gradient = nil, nil
}

func (a *AdamW) update(from, to int) {
	num.AdamW(a.weights[from:to], a.gradient[from:to], a.M[from:to], a.V[from:to], a.step)
}
