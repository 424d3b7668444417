package train

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// sampling is the sampling of responses to some prompts, a few prompts at a time, so that no unit
// of work takes long. The responses do not depend on how the prompts are divided.
type sampling struct {
	chosen    []int  // the numbers of the prompts
	batch     uint64 // the number of the batch, or another address
	size      int    // responses to a prompt, greedy ones included
	greedy    int    // how many of these are greedy; they come last
	answered  int    // how many of the prompts have responses
	responses []*rollout.Sequence
}

// advance samples responses to the next prompts and reports whether all prompts have responses. The
// policy must be the same at every call.
func (s *sampling) advance(r *responder, prompts []prompt, policy *policy, l *ledger) (done bool) {
	if s.size == 0 || s.answered == len(s.chosen) {
		return true
	}
	to := min(s.answered+max(1, r.sampler.Rows()/s.size), len(s.chosen))
	var starts []start
	for _, p := range s.chosen[s.answered:to] {
		starts = append(starts, start{prompt: prompts[p]})
	}
	q := samplingRequest{rolloutStream, starts, s.answered, s.size, s.greedy, s.batch}
	s.responses = append(s.responses, r.respond(policy, q, l)...)
	s.answered = to
	return to == len(s.chosen)
}

// distribute appends the responses to the i-th chosen prompt to groups[i]. It marks the greedy
// responses and returns the others, which are the rollouts.
func (s *sampling) distribute(groups []rollout.Group) (rollouts []*rollout.Sequence) {
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
