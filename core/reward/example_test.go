package reward_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// group returns finished responses to the card sum A1194=, of which the last digit is 5.
func group(responses ...string) (g rollout.Group) {
	p, err := task.Cards.Problem("A1194=")
	if err != nil {
		panic(err)
	}
	for _, r := range responses {
		tokens := append(task.Cards.MustEncode(r), task.End)
		g = append(g, &rollout.Sequence{Problem: p, Response: tokens})
	}
	return g
}

// The task's verifier gives every response its reward.
func ExampleVerify() {
	g := group("1215", "1216")
	calls := reward.Verify(task.Cards, g)
	fmt.Println(calls, g[0].Reward, g[1].Reward)
	// Output: 2 1 0
}

// A simulated annotator, who never errs, compares two responses: the better one is chosen.
func ExampleLabel() {
	g := group("1216", "1215")
	reward.Verify(task.Cards, g)
	r := num.NewRand(1, "example", "annotator")
	labelled, labels := reward.Label(objective.InPairs, objective.Annotator{}, g, &r)
	for _, s := range labelled {
		fmt.Println(s.Source, s.Reward)
	}
	fmt.Println(labels, "label")
	// Output:
	// chosen 1
	// rejected 0
	// 1 label
}
