package rollout_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// Three responses to a prompt are sampled from a model with random weights, and then scored under
// the same model: a token's log-probability is the same, to the bit, in both.
func ExampleSampler() {
	cards := task.Cards
	shape := model.Config{
		Vocab: cards.Vocab(), Dim: 8, Layers: 1, Heads: 2, Hidden: 16, Context: 24,
	}
	params := model.NewParams(shape)
	params.Init(1)
	policy := model.NewNetwork(params)

	problem := cards.TrainPrompts(1, 1)[0]
	prompt := cards.MustEncode(problem.Prompt)
	responses := rollout.NewSampler(shape, 1).Sample(policy, rollout.Request{
		Prompts: [][]int32{prompt}, Group: 3, MaxResponse: cards.MaxResponse, Temp: 1,
		Seed: 2, Purpose: "example",
	})
	var sequences []*rollout.Sequence
	for _, r := range responses {
		s := &rollout.Sequence{Problem: problem, Prompt: prompt, Response: r.Tokens}
		s.Source = objective.Rollout
		sequences = append(sequences, s)
	}
	rollout.NewScorer(shape, 1).Score(policy, sequences, rollout.Policy, 0)
	for i, s := range sequences {
		_, finished := cards.Decode(s.Response)
		fmt.Println(s.PolicyLen(), "tokens, finished:", finished, s.Logp[0] == responses[i].Logp[0])
	}
	// Output:
	// 6 tokens, finished: true true
	// 12 tokens, finished: false true
	// 12 tokens, finished: false true
}

// In a response of five tokens the world said the second and the third. Gather takes the policy's,
// and Scatter puts numbers of theirs back.
func ExampleGather() {
	policyAt := []int{0, 3, 4}
	own := rollout.Gather(policyAt, []int32{7, 1, 1, 8, 9}, 1)
	fmt.Println(own, rollout.Scatter(policyAt, []float64{-0.1, -0.2, -0.3}, 5))
	// Output: [7 8 9] [-0.1 0 0 -0.2 -0.3]
}
