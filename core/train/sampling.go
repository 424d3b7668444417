package train

import (
	"fmt"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// sampling is the sampling of responses to some prompts, some of them at a time, so that no part of it takes long. What is sampled
// does not depend on the parts.
type sampling struct {
	chosen    []int  // the training prompts
	batch     uint64 // its number, or another address
	size      int    // responses to a prompt
	greedy    int    // the last ones of these are greedy
	prompts   int    // answered so far
	responses []*rollout.Sequence
}

// begin begins to sample rollouts of chosen prompts, less those that a hint is for, and their greedy answers behind them.
func (c *collector) begin(chosen []int, batch uint64) *sampling {
	size := c.spec.Group + c.spec.Greedy
	if c.spec.Hint != nil {
		size -= c.spec.Hint.Rollouts
	}
	return &sampling{chosen: chosen, batch: batch, size: size, greedy: c.spec.Greedy}
}

// advance has the next prompts answered under the policy, which must be the same at every call, adds to cost what that took, and
// reports whether those were the last.
func (c *collector) advance(s *sampling, policy *policy, cost *protocol.Cost) (done bool) {
	if s.size == 0 {
		return true
	}
	to := min(s.prompts+max(1, c.sampler.Rows()/s.size), len(s.chosen))
	var starts []start
	for _, p := range s.chosen[s.prompts:to] {
		starts = append(starts, start{prompt: c.prompts[p]})
	}
	s.responses = append(s.responses, c.generate(policy, "rollout", starts, s.prompts, s.size, s.greedy, s.batch, cost)...)
	s.prompts = to
	return to == len(s.chosen)
}

// share appends to groups[i] the responses to the i-th chosen prompt; it returns the rollouts among them.
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

// gather chooses the prompts of the stage's batch with this number and samples some more of their rollouts; it reports whether all
// that [collector.collect] needs is there.
func (c *collector) gather(policy *policy, batch int, cost *protocol.Cost) (done bool) {
	size := c.values.Int("batch") - rehearsed(c.values)
	if c.spec.Buffer != nil || c.waits(size) {
		return true
	}
	if c.ahead == nil {
		chosen, drawn := c.practised(batch, size), c.drawPool(batch, size)
		c.ahead, c.drawn = c.begin(append(chosen[:size-len(drawn)], drawn...), uint64(batch)), len(drawn)
	}
	return c.ahead.prompts == len(c.ahead.chosen) || c.advance(c.ahead, policy, cost)
}

// waits reports whether the next batch is the demonstrations of prompts that wait for them, for which nothing is sampled.
func (c *collector) waits(size int) bool { return c.spec.Backlog != nil && len(c.waiting) >= size }

// halfway reports whether demonstrations are chosen, responses sampled or a reward model trained halfway.
func (c *collector) halfway() bool {
	return c.choosing != nil || c.ahead != nil || c.rewards.training()
}

// collect goes on to gather the next batch, once the reward models that it may need are trained.
func (s *Session) collect() error {
	if ready, err := s.rewarded(); err != nil {
		return fmt.Errorf("lane %s: %w", s.lane.Label, err)
	} else if !ready {
		return nil
	}
	if !s.chooseDemos() {
		return nil
	}
	filled, full := s.fillBuffer()
	if !full {
		return nil
	}
	number := s.stageStep / s.collector.spec.Epochs
	if !s.collector.gather(&s.policy, number, &s.cost) {
		return nil
	}
	groups, sampled, err := s.collector.collect(&s.policy, number, &s.cost)
	if err != nil {
		return fmt.Errorf("lane %s: %w", s.lane.Label, err)
	}
	s.batch = batch{groups: groups, seen: rollout.Completions(groups), flat: rollout.Flatten(groups), metrics: samplingMetrics(append(filled, sampled...), s.collector.scored())}
	if s.collector.spec.Hint != nil {
		s.batch.metrics = append(s.batch.metrics, givenTokens(s.batch.flat))
	}
	for _, seq := range s.batch.flat {
		if seq.Source != objective.Greedy {
			s.batch.learned = append(s.batch.learned, seq)
		}
	}
	s.phase = updating
	return nil
}
