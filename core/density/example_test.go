package density_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/density"
)

// Before the first update the policy has the old mode of the target and not the new one.
func ExampleOverlap() {
	q := density.Start("two")
	covered := []float64{density.Overlap(q, density.Old), density.Overlap(q, density.New)}
	distance := density.KL(density.Target(), q)
	fmt.Printf("old %.2f, new %.2f, KL(p‖q) %.2f nats\n", covered[0], covered[1], distance)
	// Output: old 0.82, new 0.03, KL(p‖q) 2.34 nats
}
