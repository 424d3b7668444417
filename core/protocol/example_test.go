package protocol_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/protocol"
)

// An event travels between workers and into files as msgp.
func ExampleEvent() {
	sent := protocol.Event{
		Kind: protocol.Updated, Lane: "grpo", Step: 12,
		Metrics: []protocol.Metric{{Name: "train/reward_mean", Value: 0.75}},
	}
	message, err := sent.MarshalMsg(nil)
	if err != nil {
		fmt.Println(err)
	}
	var got protocol.Event
	if _, err := got.UnmarshalMsg(message); err != nil {
		fmt.Println(err)
	}
	fmt.Println(got.Kind, got.Lane, got.Step, got.Metrics)
	// Output: step grpo 12 [{train/reward_mean 0.75}]
}

// Costs of stages that follow each other add up. Memory does not: the stage that needs more
// decides.
func ExampleCost_Plus() {
	first := protocol.Cost{Demonstrations: 100, Copies: 4}
	then := protocol.Cost{VerifierCalls: 800, Copies: 6}
	both := first.Plus(then)
	fmt.Println(both.Demonstrations, both.VerifierCalls, both.Copies)
	// Output: 100 800 6
}
