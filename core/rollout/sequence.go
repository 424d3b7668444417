// Package rollout turns prompts into responses and scores responses under a
// network: the only two things that a trainer asks of a policy besides its
// gradient.
package rollout

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/task"
)

// Sequence is one completion with the tokens behind it.
type Sequence struct {
	objective.Completion
	Problem  task.Problem
	Prompt   []int32 // (P)
	Response []int32 // (n) with its End, unless it was cut off

	// At is where in the response the policy's own tokens stand (T), all others being the world's: context, of which the
	// Completion knows nothing. nil: all are its own, T = n.
	At []int

	// Gold is the verifier's reward where a reward model's score has taken its place as the Reward.
	Gold float64

	// ScoredAt is after how many updates Completion.Logp was computed: it is the
	// policy's own word for as long as there was no further update. -1 is never.
	ScoredAt int
}

// Own is T, how many tokens of the response are the policy's.
func (s *Sequence) Own() int {
	if s.At == nil {
		return len(s.Response)
	}
	return len(s.At)
}

// Place is where in the response the policy's token t stands.
func (s *Sequence) Place(t int) int {
	if s.At == nil {
		return t
	}
	return s.At[t]
}

// Said is the policy's own tokens (T).
func (s *Sequence) Said() []int32 { return Own(s.At, s.Response, 1) }

// Own leaves of rows of some width that belong to the tokens of a response those of the policy's own.
func Own[E any](at []int, rows []E, width int) []E {
	if at == nil {
		return rows
	}
	own := make([]E, 0, len(at)*width)
	for _, place := range at {
		own = append(own, rows[place*width:(place+1)*width]...)
	}
	return own
}

// Spread is what belongs to the policy's own tokens at their places among all n of a response, with zeros for the world's.
func Spread[E any](at []int, own []E, n int) []E {
	if at == nil {
		return own
	}
	all := make([]E, n)
	for t, place := range at {
		all[place] = own[t]
	}
	return all
}

// Group is all sequences of one prompt.
type Group []*Sequence

// Completions is what a method sees of groups of sequences.
func Completions(groups []Group) []objective.Group {
	seen := make([]objective.Group, len(groups))
	for g, group := range groups {
		seen[g] = make(objective.Group, len(group))
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
