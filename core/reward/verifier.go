// Package reward gives completions their rewards.
package reward

import (
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// Verify writes the task's verdict on every response and returns how many
// verifier calls that took.
func Verify(t task.Task, sequences []*rollout.Sequence) (calls int) {
	for _, s := range sequences {
		s.Reward = t.Score(s.Problem, s.Response)
	}
	return len(sequences)
}
