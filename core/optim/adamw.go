package optim

import "github.com/posttrain/posttrain/core/num"

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
}

// NewAdamW returns the state before the first update of n weights.
func NewAdamW(n int) *AdamW {
	return &AdamW{M: make([]float32, n), V: make([]float32, n)}
}

// Step multiplies the weights by 1 − lr·decay and then moves them along gradient, which is
// multiplied by scale first, at rate lr.
func (a *AdamW) Step(weights, gradient []float32, scale, lr, decay float64) {
	a.Steps++
	t := float64(a.Steps)
	num.AdamW(weights, gradient, a.M, a.V, num.AdamWStep{
		GradScale: float32(scale),
		B1:        beta1, OneMinusB1: 1 - beta1,
		B2: beta2, OneMinusB2: 1 - beta2,
		C1:   float32(1 / (1 - num.Pow(beta1, t))),
		C2:   float32(1 / (1 - num.Pow(beta2, t))),
		Rate: float32(lr), Decay: float32(lr * decay), Eps: eps,
	})
}
