package optim

import "github.com/posttrain/posttrain/core/num"

// Constants of AdamW (arXiv:1711.05101, algorithm 2) that no method varies. Runs
// here are a few hundred updates long, so the second moment remembers a hundred of
// them (docs/decisions/0003-adamw.md).
const (
	beta1 = 0.9
	beta2 = 0.99
	eps   = 1e-8
)

// AdamW is the optimiser's memory for one block of weights.
type AdamW struct {
	Steps int       // updates taken
	M     []float32 // first moment, like the weights
	V     []float32 // second moment, like the weights
}

// NewAdamW starts with empty moments for n weights.
func NewAdamW(n int) *AdamW {
	return &AdamW{M: make([]float32, n), V: make([]float32, n)}
}

// Step moves the weights along gradient (an ascent direction, scaled by scale
// first) at rate lr, after decaying them by lr·decay.
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
