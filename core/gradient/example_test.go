package gradient_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/gradient"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// A coefficient of 1 on a token is the direction that makes the token likelier.
func ExampleComputer_Compute() {
	params := model.NewParams(model.Config{Vocab: 8, Dim: 8, Layers: 1, Heads: 1, Hidden: 16,
		Context: 8})
	params.Init(1)
	network := model.NewNetwork(params)
	sequence := &rollout.Sequence{
		Completion: objective.Completion{Logp: make([]float64, 1)}, Prompt: []int32{1, 2},
		Response: []int32{3},
	}
	coefficients := objective.NewCoeffs([]objective.Group{{&sequence.Completion}})
	coefficients[0][0].Logp[0] = 1

	gradients := gradient.Policy(params.Config, 1)
	direction := gradients.Compute(network, []*rollout.Sequence{sequence}, coefficients)
	before := sequence.Logp[0]
	for i, d := range direction.Data {
		params.Data[i] += 0.01 * d
	}
	network.Refresh()
	gradients.Compute(network, []*rollout.Sequence{sequence}, coefficients)
	fmt.Println(sequence.Logp[0] > before)
	// Output: true
}
