package train

import (
	"fmt"
	"slices"

	"posttrain/core/method"
	"posttrain/core/num"
	"posttrain/core/protocol"
	"posttrain/core/reward"
	"posttrain/core/rollout"
	"posttrain/core/task"
)

// sampleHinted appends to groups[i] the rollouts of prompt chosen[i] that begin with a hint; it returns all rollouts of the
// groups.
func (c *collector) sampleHinted(policy *policy, chosen []int, batch int, groups []rollout.Group, cost *protocol.Cost) (sampled []*rollout.Sequence) {
	h := c.spec.Hint
	starts := make([]start, len(chosen))
	for i, p := range chosen {
		demo := c.demonstrated(p)
		r := num.NewRand(c.lane.Seed, "hint", fmt.Sprintf("%s/%d", c.lane.Task.Name, c.stage), uint64(batch), uint64(i))
		n := h.Length(&r, len(demo), batch*c.spec.Epochs, c.values.Int("steps"))
		starts[i] = c.hint(p, demo[:n], cost)
		if c.steps() {
			starts[i].next = slices.Concat(demo, []int32{task.End})[n:min(n+h.Step, len(demo)+1)]
		}
	}
	for i, s := range c.generate(policy, "hinted rollout", starts, h.Rollouts, 0, uint64(batch), cost) {
		groups[i/h.Rollouts] = append(groups[i/h.Rollouts], s)
	}
	for _, s := range rollout.Flatten(groups) {
		if s.Source == method.Rollout {
			sampled = append(sampled, s)
		}
	}
	return sampled
}

// demonstrated is what the expert writes to training prompt p, without the End.
func (c *collector) demonstrated(p int) []int32 {
	response := c.expert("demonstrate", c.prompts, p).Response
	return response[:len(response)-1]
}

// hint is where responses to training prompt p begin when some tokens of its demonstration are given. The demonstration is
// paid for when it is looked into for the first time, be it for the next step.
func (c *collector) hint(p int, given []int32, cost *protocol.Cost) start {
	if len(given) > 0 || c.steps() {
		c.show(p)
		cost.Demonstrations = max(cost.Demonstrations, c.shownCount())
	}
	return start{prompt: c.prompts[p], given: given}
}

// steps says whether single steps of demonstrations are sampled.
func (c *collector) steps() bool { return c.spec.Hint != nil && c.spec.Hint.Step > 0 }

// room is the most tokens that a response from a start may have.
func (c *collector) room(s start) int {
	left := c.lane.Task.MaxResponse - len(s.given)
	if c.steps() {
		return min(left, c.spec.Hint.Step)
	}
	return left
}

// compareSteps rewards what was sampled by how much it is like the expert's next step.
func compareSteps(starts []start, sequences []*rollout.Sequence) {
	group := len(sequences) / len(starts)
	for i, s := range sequences {
		s.Reward = reward.Similarity(s.Response[s.Given:], starts[i/group].next)
	}
}

// precede puts given tokens in front of what was sampled after them. What the policy thinks of them is not known before the
// sequence is scored, so that of the whole is left open until the batch is begun.
func precede(s *rollout.Sequence, given []int32) {
	unknown := make([]float64, len(given))
	s.Given, s.ScoredAt = len(given), -1
	s.Response = slices.Concat(given, s.Response)
	s.Logp, s.OldLogp, s.Entropy = slices.Concat(unknown, s.Logp), nil, slices.Concat(unknown, s.Entropy)
}

// givenTokens is how many tokens were given of a rollout, on average.
func givenTokens(flat []*rollout.Sequence) protocol.Metric {
	given, n := 0, 0
	for _, s := range flat {
		if s.Source == method.Rollout {
			given += s.Given
			n++
		}
	}
	return protocol.Metric{Name: "train/given_tokens", Value: float64(given) / float64(max(1, n))}
}
