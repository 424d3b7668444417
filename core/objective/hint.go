package objective

import (
	"math/bits"

	"github.com/posttrain/posttrain/core/num"
)

// Hint describes which rollouts begin with a part of their prompt's demonstration. The first
// HintLen tokens of such a rollout are the expert's, the policy samples the rest, and the verifier
// sees the whole response.
type Hint struct {
	// Rollouts is the number of a prompt's rollouts that begin with the hint, the same for all of
	// them. They are the last ones of the group.
	Rollouts int
	// Length returns the number of tokens in a hint. The demonstration has the given number of
	// tokens before its End, and step counts from 0 to steps−1.
	Length func(r *num.Rand, tokens, step, steps int) int
	// Step, if not 0, limits responses to so many sampled tokens. Their reward is then their
	// similarity to the expert's next tokens, and the verifier is not called.
	Step int
	// Branch, if not nil, replaces Rollouts and Length: it searches for hints for groups in which
	// every rollout fails.
	Branch *Branch
}

// Branch describes a search for the shortest part of a demonstration after which some rollouts of a
// group succeed. The demonstration is cut into episodes, the last of which is never given.
type Branch struct {
	Episodes  int     // at least 2; at most one for each token
	Low, High float64 // wanted share of right rollouts, bounds included
}

// Trials returns the largest number of groups that the search samples for a prompt. Each trial
// halves the range between two cuts.
func (b Branch) Trials() int { return bits.Len(uint(b.Episodes - 1)) }
