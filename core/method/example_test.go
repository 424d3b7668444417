package method_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/objective"
)

// A method by name, at settings of one's own: what it collects for a step, what it has to know of a
// completion, and the coefficients that it gives to the tokens of a batch.
func ExampleLookup() {
	m, err := method.Lookup("dr_grpo")
	if err != nil {
		fmt.Println(err)
		return
	}
	v := m.Defaults()
	if err := v.Set("group", "2"); err != nil {
		fmt.Println(err)
	}
	fmt.Println("rollouts for each prompt:", m.Collect(v).Group)

	o := m.Build(v)
	fmt.Println("needs:", o.Needs())
	batch := []objective.Group{{
		{Reward: 1, Logp: []float64{-0.5, -1.2}, OldLogp: []float64{-0.5, -1.2}},
		{Reward: 0, Logp: []float64{-0.7}, OldLogp: []float64{-0.7}},
	}}
	coeffs := objective.NewCoeffs(batch)
	o.Add(coeffs, batch)
	fmt.Println(coeffs[0][0].Logp, coeffs[0][1].Logp)
	// Output:
	// rollouts for each prompt: 2
	// needs: rollouts, logp, old_logp
	// [0.25 0.25] [-0.25]
}
