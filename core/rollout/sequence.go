// Package rollout turns prompts into responses and scores responses under a
// network: the only two things that a trainer asks of a policy besides its
// gradient.
package rollout

import (
	"posttrain/core/method"
	"posttrain/core/task"
)

// Sequence is one completion with the tokens behind it.
type Sequence struct {
	method.Completion
	Problem  task.Problem
	Prompt   []int32 // (P)
	Response []int32 // (T) with its End, unless it was cut off

	// Gold is the verifier's reward where a reward model's score has taken its place as the Reward.
	Gold float64

	// ScoredAt is after how many updates Completion.Logp was computed: it is the
	// policy's own word for as long as there was no further update. -1 is never.
	ScoredAt int
}

// Group is all sequences of one prompt.
type Group []*Sequence

// Completions is what a method sees of groups of sequences.
func Completions(groups []Group) []method.Group {
	seen := make([]method.Group, len(groups))
	for g, group := range groups {
		seen[g] = make(method.Group, len(group))
		for i, s := range group {
			seen[g][i] = &s.Completion
		}
	}
	return seen
}

// Flatten lists the sequences of all groups in order.
func Flatten(groups []Group) []*Sequence {
	var flat []*Sequence
	for _, group := range groups {
		flat = append(flat, group...)
	}
	return flat
}
