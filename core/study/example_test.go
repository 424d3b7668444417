package study_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
)

// A hypothesis is decided by the interval over seeds: here that grpo forgets less than sft, by more
// than 0.1 of the prior skill's accuracy.
func ExampleDecide() {
	h := recipe.Hypothesis{Metric: "eval/prior/accuracy", Higher: "grpo", Lower: "sft", By: 0.1}
	grpo, sft := []float64{0.91, 0.88, 0.93}, []float64{0.12, 0.20, 0.15}
	tested := study.Decide(h, grpo, sft)
	digits := func(x float64) string { return fmt.Sprintf("%.2f", x) }
	fmt.Println(tested.Outcome, tested.Difference.Text(digits))
	fmt.Println(study.Decide(h, grpo[:1], sft[:1]).Outcome) // one seed says nothing about others
	// Output:
	// reproduced 0.75 [0.60, 0.90]
	// inconclusive
}
