package optim_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/optim"
)

// AdamW maximises −(w−3)², whose slope is 2·(3−w), with a learning rate that falls along half a
// cosine.
func ExampleAdamW() {
	w, gradient := []float32{0}, make([]float32, 1)
	adam := optim.NewAdamW(len(w))
	const steps = 200
	for step := range steps {
		gradient[0] = 2 * (3 - w[0])
		scale := optim.ClipScale(optim.Norm(gradient), 1)
		adam.Step(w, gradient, scale, 0.1*optim.Rate("cosine", step, 0, steps), 0)
	}
	fmt.Printf("%.2f\n", w[0])
	// Output: 3.00
}
