// Package rollout samples responses with a [Sampler] and scores them under a network with a
// [Scorer].
package rollout

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/task"
)

// Sequence is a completion together with its tokens.
type Sequence struct {
	objective.Completion
	Problem  task.Problem
	Prompt   []int32 // (P)
	Response []int32 // (n) with End, unless it was cut off

	// PolicyAt holds the indices in Response of the policy's tokens (T). The others are the world's
	// and are not part of the Completion. nil means that all are the policy's, T = n.
	PolicyAt []int

	// Gold is the verifier's reward if another one has replaced it in Reward: a reward model's
	// score, or a reward of the user's own.
	Gold float64

	// SampledLogp is (T) the log-probability of each token under the network that sampled it. It is
	// 0 for tokens of a hint, and nil if the sequence was not sampled for the batch.
	SampledLogp []float64

	// ScoredAt is the number of updates after which Completion.Logp was computed. Logp is the
	// policy's as long as no further update was made. -1 means that it was not computed.
	ScoredAt int
}

// PolicyLen returns T, the number of tokens in the response that are the policy's.
func (s *Sequence) PolicyLen() int {
	if s.PolicyAt == nil {
		return len(s.Response)
	}
	return len(s.PolicyAt)
}

// ResponseIndex returns the index in Response of the policy's token t.
func (s *Sequence) ResponseIndex(t int) int {
	if s.PolicyAt == nil {
		return t
	}
	return s.PolicyAt[t]
}

// PolicyTokens returns the policy's tokens (T).
func (s *Sequence) PolicyTokens() []int32 { return Gather(s.PolicyAt, s.Response, 1) }

// Gather returns the rows of the policy's tokens. Each token of the response has a row of width
// numbers, and at holds the indices of the policy's tokens; nil means that all are the policy's.
func Gather[E any](at []int, rows []E, width int) []E {
	if at == nil {
		return rows
	}
	own := make([]E, 0, len(at)*width)
	for _, place := range at {
		own = append(own, rows[place*width:(place+1)*width]...)
	}
	return own
}

// Scatter is the inverse of [Gather] for rows of one number. It returns n numbers, one for each
// token of the response: own's at the indices in at, and zeros for the world's tokens.
func Scatter[E any](at []int, own []E, n int) []E {
	if at == nil {
		return own
	}
	all := make([]E, n)
	for t, place := range at {
		all[place] = own[t]
	}
	return all
}

// Group is the sequences of one prompt.
type Group []*Sequence

// Completions returns the groups as a method sees them: without problems, prompts and tokens.
func Completions(groups []Group) []objective.Group {
	seen, flat := make([]objective.Group, len(groups)), make(objective.Group, count(groups))
	for g, group := range groups {
		seen[g], flat = flat[:len(group):len(group)], flat[len(group):]
		for i, s := range group {
			seen[g][i] = &s.Completion
		}
	}
	return seen
}

// Flatten returns the sequences of all groups in order.
func Flatten(groups []Group) []*Sequence {
	flat := make([]*Sequence, 0, count(groups))
	for _, group := range groups {
		flat = append(flat, group...)
	}
	return flat
}

// count returns the number of sequences in all groups.
func count(groups []Group) (n int) {
	for _, group := range groups {
		n += len(group)
	}
	return n
}
