package density_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/density"
)

// Before the first update the policy has the old mode of the target and not the new one.
func ExampleOverlap() {
	q := density.Start("two")
	fmt.Printf("old %.2f, new %.2f, KL(p‖q) %.2f nats\n",
		density.Overlap(q, density.Old), density.Overlap(q, density.New), density.KL(density.Target, q))
	// Output: old 0.82, new 0.03, KL(p‖q) 2.34 nats
}
