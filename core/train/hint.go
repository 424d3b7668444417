package train

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/rollout"
)

// sampleHinted appends to groups[i] the rollouts of prompt chosen[i] that begin with a hint; it returns all rollouts of the
// groups.
func (c *collector) sampleHinted(policy *policy, chosen []int, batch int, groups []rollout.Group, cost *protocol.Cost) (sampled []*rollout.Sequence) {
	h := c.spec.Hint
	starts := make([]start, len(chosen))
	for i, p := range chosen {
		expert := c.expert("demonstrate", c.prompts, p)
		demo := expert.Response[:len(expert.Response)-1]
		r := num.NewRand(c.lane.Seed, "hint", fmt.Sprintf("%s/%d", c.lane.Task.Name, c.stage), uint64(batch), uint64(i))
		n := h.Length(&r, len(demo), batch*c.spec.Epochs, c.values.Int("steps"))
		starts[i] = c.hint(p, demo[:n], cost)
		if c.steps() {
			starts[i].next = saidWithin(expert, n, n+h.Step)
		}
	}
	for i, s := range c.generate(policy, "hinted rollout", starts, 0, h.Rollouts, 0, uint64(batch), cost) {
		groups[i/h.Rollouts] = append(groups[i/h.Rollouts], s)
	}
	for _, s := range rollout.Flatten(groups) {
		if s.Source == objective.Rollout {
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
	s := start{prompt: c.prompts[p]}
	s.given, s.at = c.lane.Task.PlayTurns(s.Problem, given)
	return s
}

// saidWithin is what a sequence's own tokens are between two places of its response.
func saidWithin(s *rollout.Sequence, from, to int) (own []int32) {
	for t, token := range s.PolicyTokens() {
		if place := s.ResponseIndex(t); place >= from && place < to {
			own = append(own, token)
		}
	}
	return own
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
		s.Reward = reward.Similarity(s.PolicyTokens()[s.HintLen:], starts[i/group].next)
	}
}

// precede puts given tokens, of which those at some places are the demonstration's own, in front of what was sampled after them.
// What the policy thinks of them is not known before the sequence is scored, so that of the whole is left open until the batch is
// begun.
func precede(s *rollout.Sequence, given []int32, at []int) {
	own := len(given)
	if at != nil {
		own = len(at)
		for _, place := range s.PolicyAt {
			at = append(slices.Clip(at), len(given)+place)
		}
		s.PolicyAt = at
	}
	unknown := make([]float64, own)
	s.HintLen, s.ScoredAt = own, -1
	s.Response = slices.Concat(given, s.Response)
	s.Logp, s.OldLogp, s.Entropy = slices.Concat(unknown, s.Logp), nil, slices.Concat(unknown, s.Entropy)
}

// givenTokens is how many tokens were given of a rollout, on average.
func givenTokens(flat []*rollout.Sequence) protocol.Metric {
	given, n := 0, 0
	for _, s := range flat {
		if s.Source == objective.Rollout {
			given += s.HintLen
			n++
		}
	}
	return protocol.Metric{Name: "train/given_tokens", Value: float64(given) / float64(max(1, n))}
}
