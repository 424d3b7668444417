package eval

import (
	"posttrain/core/model"
	"posttrain/core/protocol"
	"posttrain/core/rollout"
)

// ownPrompts is on how many prompts KL(policy‖base) is measured: unlike KL(base‖policy) it needs a pass of its own.
const ownPrompts = 64

// told is what a network says about responses.
type told struct {
	sequences   []*rollout.Sequence
	logp, probs [][]float32 // (T,V) per response
}

// first is what was told about the first n of them.
func (t told) first(n int) told {
	n = min(n, len(t.sequences))
	return told{t.sequences[:n], t.logp[:n], t.probs[:n]}
}

// divergence is the exact KL from what was told to n, in nats, summed over all tokens of all sequences.
func (s *Suite) divergence(from told, n *model.Network) float64 {
	each := make([]float64, len(from.sequences))
	s.scorer.Each(n, from.sequences, func(i int, logp, _ []float32) {
		for j, p := range from.probs[i] {
			each[i] += float64(float64(p) * (float64(from.logp[i][j]) - float64(logp[j])))
		}
	})
	total := 0.0
	for _, kl := range each {
		total += kl
	}
	return total
}

// distances say how far n is from the base, on the base's own responses and on some of those that n itself gave.
func (s *Suite) distances(name string, n *model.Network, own told) []protocol.Metric {
	own = own.first(ownPrompts)
	forward, reverse := s.divergence(s.told, n), s.divergence(own, s.base)
	per := func(kl float64, count int) float64 { return kl / float64(count) }
	return []protocol.Metric{
		{Name: name + "kl_base_policy_nats", Value: per(forward, len(s.told.sequences))},
		{Name: name + "kl_base_policy_token_nats", Value: per(forward, lengths(s.told.sequences))},
		{Name: name + "kl_policy_base_nats", Value: per(reverse, len(own.sequences))},
		{Name: name + "kl_policy_base_token_nats", Value: per(reverse, lengths(own.sequences))},
	}
}

// lengths is how many tokens of their own responses have together, End included.
func lengths(sequences []*rollout.Sequence) (tokens int) {
	for _, seq := range sequences {
		tokens += seq.Own()
	}
	return tokens
}
