package eval_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// Of four answers to a prompt one was right. Two of them, drawn at random, hold it in half of all
// cases.
func ExamplePassAt() {
	fmt.Println(eval.PassAt(4, 1, 1), eval.PassAt(4, 1, 2), eval.PassAt(4, 1, 4))
	// Output: 0.25 0.5 1
}

// A model with random weights is measured at the first level of a task. It is its own base, so its
// distance from the base is 0.
func ExampleSuite() {
	shape := model.Config{
		Vocab: task.Cards.Vocab(), Dim: 8, Layers: 1, Heads: 2, Hidden: 16, Context: 24,
	}
	params := model.NewParams(shape)
	params.Init(1)
	policy := model.NewNetwork(params)

	suite := eval.NewSuite(task.Cards, policy, 16, 1, 1) // 16 prompts, seed 1, one worker
	metrics, _ := suite.Measure(policy, 0)
	for _, m := range metrics {
		if m.Name == "eval/id/accuracy_greedy" || m.Name == "eval/id/kl_base_policy_nats" {
			d, _ := eval.Define(m.Name)
			fmt.Println(d.Title, m.Value)
		}
	}
	// Output:
	// greedy accuracy 0
	// KL(base‖policy) 0
}
