// Package reward gives responses their rewards: from the task's verifier with [Verify], from a
// simulated annotator's comparisons with [Label], or by their similarity to an expert's with
// [Similarity].
package reward

import (
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// Verify sets the reward of every sequence to the task's score of its response, and returns the
// number of verifier calls.
func Verify(t task.Task, sequences []*rollout.Sequence) (calls int) {
	for _, s := range sequences {
		s.Reward = t.Score(s.Problem, s.Response)
	}
	return len(sequences)
}
