package method

import (
	"math/bits"

	"posttrain/core/num"
)

// Hint says which rollouts begin with the start of their prompt's demonstration. Such a rollout's Given tokens are the
// expert's; the policy goes on from there, and the verifier sees the whole.
type Hint struct {
	// Rollouts is how many of a prompt's rollouts begin with it: the last ones, and all of them alike.
	Rollouts int
	// Length is how many tokens are given of a demonstration that has so many before its End, at a step of a stage of so
	// many, counted from 0.
	Length func(r *num.Rand, tokens, step, steps int) int
	// Step, if not 0, is after how many sampled tokens a response is over; its reward is then how similar those are to the
	// expert's next ones, and there is no verifier.
	Step int
	// Branch looks for hints where a whole group fails, in the place of Rollouts and Length; nil: nowhere.
	Branch *Branch
}

// Branch searches a demonstration for the shortest start after which a group of rollouts succeeds now and then. It is cut into
// episodes, of which the last is never given.
type Branch struct {
	Episodes  int     // at least 2; as many as there are tokens when those are fewer
	Low, High float64 // share of the rollouts that are right, ends included
}

// Trials is how many groups the search samples for a prompt at most: it halves what is left between two cuts.
func (b Branch) Trials() int { return bits.Len(uint(b.Episodes - 1)) }
