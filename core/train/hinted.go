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
			starts[i].nextStep = ownBetween(expert, n, n+spec.Step)
		}
	}
	q := samplingRequest{stream: hintedStream, starts: starts, size: spec.Rollouts, batch: batch}
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

// startAfter returns the start of responses to training prompt p after the given tokens of its
// demonstration. It charges the demonstration if any of it is used, as a hint or as the step that
// is to be matched.
func (s *sources) startAfter(p int, given []int32, l *ledger) start {
	if len(given) > 0 || s.plan.sampleSteps() {
		l.demonstration(p)
	}
	at := start{prompt: s.training[p]}
	at.given, at.ownAt = s.expert.task.PlayTurns(at.Problem, given)
	return at
}

// ownBetween returns the tokens of a response between two places, without those of the world.
func ownBetween(s *rollout.Sequence, from, to int) (own []int32) {
	for t, token := range s.PolicyTokens() {
		if place := s.ResponseIndex(t); place >= from && place < to {
			own = append(own, token)
		}
	}
	return own
}

// prepend puts the given tokens of a demonstration in front of the response that was sampled after
// them. at has the places of those that the expert wrote; nil means all. The policy has not scored
// the given tokens, so the whole sequence is marked as not scored.
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
	s.SampledLogp = slices.Concat(unknown, s.SampledLogp)
	s.Logp, s.OldLogp, s.Entropy = slices.Concat(unknown, s.Logp), nil, slices.Concat(unknown,
		s.Entropy)
}

// givenTokens returns the mean number of given tokens of the rollouts.
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
