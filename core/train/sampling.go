package train

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// sampling is the sampling of responses to some prompts, a few prompts at a time, so that no part
// of it takes long. What is sampled does not depend on the parts.
type sampling struct {
	chosen    []int  // numbers of the prompts
	batch     uint64 // its number, or another address
	size      int    // responses to a prompt
	greedy    int    // the last ones of these are greedy
	answered  int    // prompts so far
	responses []*rollout.Sequence
}

// advance samples responses to the next prompts under the policy, which must be the same at every
// call, and reports whether those were the last.
func (s *sampling) advance(r *responder, prompts []prompt, policy *policy, l *ledger) (done bool) {
	if s.size == 0 || s.answered == len(s.chosen) {
		return true
	}
	to := min(s.answered+max(1, r.sampler.Rows()/s.size), len(s.chosen))
	var starts []start
	for _, p := range s.chosen[s.answered:to] {
		starts = append(starts, start{prompt: prompts[p]})
	}
	q := request{rolloutStream, starts, s.answered, s.size, s.greedy, s.batch}
	s.responses = append(s.responses, r.respond(policy, q, l)...)
	s.answered = to
	return to == len(s.chosen)
}

// share appends to groups[i] the responses to the i-th chosen prompt. It returns the rollouts among
// them.
func (s *sampling) share(groups []rollout.Group) (rollouts []*rollout.Sequence) {
	for i, r := range s.responses {
		groups[i/s.size] = append(groups[i/s.size], r)
		if i%s.size < s.size-s.greedy {
			rollouts = append(rollouts, r)
		} else {
			r.Source = objective.Greedy
		}
	}
	return rollouts
}
