package objective

import (
	"math/bits"

	"github.com/posttrain/posttrain/core/num"
)

// Hint describes which rollouts begin with a part of their prompt's demonstration. The first
// HintLen tokens of such a rollout are the expert's, the policy samples the rest, and the verifier
// sees the whole response.
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

// Branch describes a search for the shortest part of a demonstration from which some rollouts of
// a group succeed. The demonstration is cut into episodes; the last one is never given.
type Branch struct {
	Episodes  int     // at least 2; as many as there are tokens when those are fewer
	Low, High float64 // share of the rollouts that are right, ends included
}

// Trials returns the largest number of groups that the search samples for a prompt. Each trial
// halves the range between two cuts.
func (b Branch) Trials() int { return bits.Len(uint(b.Episodes - 1)) }
