package train

import (
	"slices"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/rollout"
)

// score computes what the objective reads and the batch does not have yet: log-probabilities,
// distributions and values under the policy, the reference model, the teacher and the critic.
func (s *training) score() {
	needs, first := s.objective.Needs(), s.batch.epoch == 0
	if s.isOffPolicy() {
		needs |= objective.Logp
	}
	if needs&(objective.Logp|objective.Dist|objective.Entropy|objective.RefDist) != 0 {
		s.scorePolicy(needs)
	}
	if needs.Has(objective.OldLogp) && first {
		for _, seq := range s.batch.learned {
			if seq.OldLogp == nil { // it was not sampled now, so the current policy is the old one
				seq.OldLogp = slices.Clone(seq.Logp)
			}
		}
	}
	if s.isOffPolicy() {
		s.weighRollouts(first)
	}
	if needs&(objective.RefLogp|objective.RefDist) != 0 && first {
		s.scoreFrozen(s.reference(), rollout.Reference, needs)
	}
	if needs&(objective.TeacherLogp|objective.TeacherDist) != 0 && first {
		s.scoreFrozen(s.teacher, rollout.Teacher, needs)
	}
	if s.critic != nil {
		s.scoreValues()
	}
}

// scorePolicy scores the sequences that the policy has not scored since its newest update.
func (s *training) scorePolicy(needs objective.Needs) {
	var stale []*rollout.Sequence
	for _, seq := range s.batch.learned {
		if seq.ScoredAt != s.policy.updates || needs.Has(objective.Dist) {
			stale = append(stale, seq)
			seq.ScoredAt = s.policy.updates
		}
	}
	s.scorer.Score(s.tempered(s.policy.network), stale, rollout.Policy, needs)
}

// scoreFrozen scores the batch under a network that is not trained, and charges the pass.
func (s *training) scoreFrozen(n *model.Network, role rollout.Role, needs objective.Needs) {
	s.scorer.Score(s.tempered(n), s.batch.learned, role, needs)
	s.ledger.FLOPs += passFLOPs(n.Config, s.batch.learned, 1)
}

// tempered returns the network at the temperature of the stage's probabilities, see
// docs/decisions/0017-the-policy-that-sampled.md.
func (s *training) tempered(n *model.Network) *model.Network {
	return n.WithTemp(knob.Temperature(s.Values))
}

// scoreValues sets Value by the critic, and OldValue too before the first update with the batch.
func (s *training) scoreValues() {
	n, sequences := s.critic.network, s.batch.learned
	valuesInto(s.critic.scorer, n, sequences)
	if s.batch.epoch > 0 {
		return
	}
	for _, seq := range sequences {
		seq.OldValue = seq.Value
	}
	s.ledger.FLOPs += passFLOPs(n.Config, sequences, 1)
}

// valuesInto sets Value of each sequence to the outputs of a scalar network.
func valuesInto(scorer *rollout.Scorer, n *model.Network, sequences []*rollout.Sequence) {
	scorer.Values(n, sequences, func(i int, values []float32) {
		to := make([]float64, len(values))
		for t, v := range values {
			to[t] = float64(v)
		}
		sequences[i].Value = to
	})
}

// passFLOPs returns the FLOPs of some forward passes over sequences.
func passFLOPs(c model.Config, sequences []*rollout.Sequence, passes float64) (flops float64) {
	for _, seq := range sequences {
		flops += float64(passes * c.ForwardFLOPs(len(seq.Prompt)+len(seq.Response)))
	}
	return flops
}
