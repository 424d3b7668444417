package train

import (
	"fmt"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// kept is a group that is learned from in more batches than one, with the number of its training prompt.
type kept struct {
	prompt int
	group  rollout.Group
}

// filling is the number of the buffer's newest filling after so many updates of the stage, from 0, and whether it is due now.
func filling(b *objective.Buffer, stageStep int) (number int, due bool) {
	if b.Every == 0 {
		return 0, stageStep == 0
	}
	return stageStep / b.Every, stageStep%b.Every == 0
}

// fillBuffer goes on to fill the method's buffer where that is due; it reports whether it is full, and gives back the rollouts of a
// filling that is over. What a state does not hold is made again, without being paid for again.
func (s *Session) fillBuffer() (sampled []*rollout.Sequence, full bool) {
	b := s.collector.spec.Buffer
	if b == nil {
		return nil, true
	}
	number, due := filling(b, s.stageStep)
	switch {
	case due:
		if !s.collector.askAll(&policy{Params: s.policy.Params, network: s.policy.network, updates: -1}, number, &s.cost) {
			return nil, false
		}
		sampled = s.collector.fill(number, &s.cost)
		if b.Restart && number > 0 {
			copy(s.policy.Data, s.start.Data)
			s.policy.network.Refresh()
			s.beginTraining()
		}
	case s.collector.buffer == nil:
		if !s.collector.askAll(&policy{Params: s.start, network: s.startNetwork(), updates: -1}, 0, new(protocol.Cost)) {
			return nil, false
		}
		s.collector.fill(0, new(protocol.Cost))
	}
	return sampled, true
}

// askAll has some more training prompts answered for the buffer's filling with this number, and reports whether those were the last.
func (c *collector) askAll(policy *policy, number int, cost *protocol.Cost) (done bool) {
	if c.ahead == nil {
		all := make([]int, len(c.prompts))
		for i := range all {
			all[i] = i
		}
		c.ahead = c.begin(all, uint64(number))
	}
	return c.advance(c.ahead, policy, cost)
}

// fill keeps what the method wants of the answers to all training prompts, for the buffer's filling with this number. It gives back
// the rollouts that are not labelled.
func (c *collector) fill(number int, cost *protocol.Cost) []*rollout.Sequence {
	groups := make([]rollout.Group, len(c.prompts))
	sampled := c.ahead.share(groups)
	c.buffer, c.ahead = nil, nil
	for i, group := range groups {
		if c.spec.Label != objective.Unlabelled {
			if group = c.label(group, uint64(number), uint64(i), cost); len(group) > 0 {
				c.buffer = append(c.buffer, kept{i, group})
			}
			continue
		}
		c.keep(i, group)
	}
	cost.Demonstrations = max(cost.Demonstrations, c.writtenSingly()+consolidatedOf(c.values, len(c.replay)))
	if c.spec.Label != objective.Unlabelled {
		return nil
	}
	return sampled
}

// keep puts into the buffer what the method wants of the answers to training prompt i.
func (c *collector) keep(i int, group rollout.Group) {
	b, before := c.spec.Buffer, len(c.buffer)
	if c.spec.Best {
		group = best(group)
	}
	for _, s := range group {
		if s.Source == objective.Rollout && (b.Keep == nil || b.Keep(&s.Completion)) {
			c.buffer = append(c.buffer, kept{i, rollout.Group{s}})
		}
	}
	if b.Demonstrate && len(c.buffer) == before && c.hasDemo(i) {
		c.buffer = append(c.buffer, kept{i, rollout.Group{c.show(i)}})
	}
}

// draw takes the stage's batch with this number from the buffer.
func (c *collector) draw(batch, size int) (groups []rollout.Group, err error) {
	if len(c.buffer) == 0 {
		return nil, fmt.Errorf("%s: none of the %d sampled responses was kept, so there is nothing to learn from; raise group, or start from a better base",
			c.lane.Stages[c.stage].Method.Name, c.spec.Group*len(c.prompts))
	}
	for _, i := range c.order(len(c.buffer), batch*size, size) {
		groups = append(groups, c.buffer[i].group)
	}
	return groups, nil
}
