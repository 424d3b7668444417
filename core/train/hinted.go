package train

import (
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// hinted adds to every group rollouts that begin with a part of the demonstration.
type hinted struct{ *sources }

// hint appends to groups[i] the rollouts of prompt chosen[i] that begin with a hint. It returns all
// rollouts of the groups.
func (h hinted) hint(policy *policy, chosen []int, step int, groups []rollout.Group,
	_ []*rollout.Sequence, l *ledger) (sampled []*rollout.Sequence) {
	spec, batch := h.plan.Hint, uint64(step/h.plan.Epochs)
	starts := make([]start, len(chosen))
	for i, p := range chosen {
		expert := h.demonstrate(p)
		demo := expert.Response[:len(expert.Response)-1]
		r := h.streams.ofStage(hintStream, batch, uint64(i))
		n := spec.Length(&r, len(demo), step, h.steps)
		starts[i] = h.startAfter(p, demo[:n], l)
		if h.plan.sampleSteps() {
			starts[i].next = ownBetween(expert, n, n+spec.Step)
		}
	}
	q := request{stream: hintedStream, starts: starts, size: spec.Rollouts, batch: batch}
	for i, s := range h.responder.respond(policy, q, l) {
		groups[i/spec.Rollouts] = append(groups[i/spec.Rollouts], s)
	}
	for _, s := range rollout.Flatten(groups) {
		if s.Source == objective.Rollout {
			sampled = append(sampled, s)
		}
	}
	return sampled
}

// startAfter returns where responses to training prompt p begin when some tokens of its
// demonstration are given. The demonstration is charged if any of it is used, be it for the next
// step.
func (s *sources) startAfter(p int, given []int32, l *ledger) start {
	if len(given) > 0 || s.plan.sampleSteps() {
		l.demonstration(p)
	}
	at := start{prompt: s.training[p]}
	at.given, at.at = s.expert.task.PlayTurns(at.Problem, given)
	return at
}

// ownBetween returns a sequence's own tokens between two places of its response.
func ownBetween(s *rollout.Sequence, from, to int) (own []int32) {
	for t, token := range s.PolicyTokens() {
		if place := s.ResponseIndex(t); place >= from && place < to {
			own = append(own, token)
		}
	}
	return own
}

// prepend puts given tokens, of which those at some places are the demonstration's own, in front of
// what was sampled after them. How likely the policy finds them is not known before the sequence is
// scored, so the log-probabilities of the whole are left open until then.
func prepend(s *rollout.Sequence, given []int32, at []int) {
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
	s.Logp, s.OldLogp, s.Entropy = slices.Concat(unknown, s.Logp), nil, slices.Concat(unknown,
		s.Entropy)
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
