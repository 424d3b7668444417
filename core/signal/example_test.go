package signal_test

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/signal"
	"github.com/posttrain/posttrain/core/task"
)

// A lane with groups of two answers is measured three times. Few of its groups teach anything.
func ExampleLane() {
	values := param.Defaults([]param.Knob{knob.Group.With(2)})
	lane := signal.Lane{
		Stages: []signal.Stage{{Values: values, Collect: objective.Collect{Group: 2}, Steps: 60}},
		Levels: []task.Level{{Name: "id", Title: "locks"}}, Prompts: 512, Every: 20,
	}
	for _, e := range []protocol.Event{
		{Kind: protocol.Measured, Step: 0},
		{Kind: protocol.Updated, Step: 1,
			Metrics: []protocol.Metric{{Name: "train/reward_mean", Value: 0.08}}},
		{Kind: protocol.Measured, Step: 20},
		{Kind: protocol.Updated, Step: 21,
			Metrics: []protocol.Metric{{Name: "train/reward_mean", Value: 0.07}}},
		{Kind: protocol.Measured, Step: 40,
			Metrics: []protocol.Metric{{Name: "train/active_share_so_far", Value: 0.11}}},
		{Kind: protocol.Updated, Step: 41,
			Metrics: []protocol.Metric{{Name: "train/reward_mean", Value: 0.09}}},
	} {
		for _, f := range lane.Add(e) {
			fmt.Println(f.Title)
			fmt.Println(strings.ReplaceAll(f.Measured, ". ", ".\n"))
			fmt.Println(f.Cure.Says)
		}
	}
	// Output:
	// Hardly any group teaches
	// 11 % of the groups have taught anything.
	// Each has 2 answers, and the mean reward in training is 0.08.
	// Sample more answers to each prompt: group=16.
}
