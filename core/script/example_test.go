package script_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/script"
)

// A reward that pays for right answers, and a little for short ones.
func ExampleReward() {
	own, err := script.Reward("mine.star", `
weights = {"right": 1, "short": 0.3}

def reward(prompt, response, answer):
    return {"right": response.endswith(answer), "short": 1 / (1 + len(response))}
`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(own.Score(reward.Judged{Prompt: "A1194=", Response: "1215", Answer: "5"}))
	fmt.Println(own.Score(reward.Judged{Prompt: "A1194=", Response: "121", Answer: "5"}))
	// Output:
	// [1 0.2] <nil>
	// [0 0.25] <nil>
}
