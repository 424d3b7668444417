package eval

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// ownPrompts is the number of prompts on which KL(policy‖base) is measured. Unlike KL(base‖policy)
// it needs a pass of its own.
const ownPrompts = 64

// distributions holds a network's next-token distributions at every token of some responses.
type distributions struct {
	sequences   []*rollout.Sequence
	logp, probs [][]float32 // (T,V) per response
}

// first returns the distributions of the first n responses.
func (t distributions) first(n int) distributions {
	n = min(n, len(t.sequences))
	return distributions{t.sequences[:n], t.logp[:n], t.probs[:n]}
}

// add appends the distributions of further responses.
func (t *distributions) add(more distributions) {
	t.sequences, t.logp, t.probs = append(t.sequences, more.sequences...), append(t.logp,
		more.logp...), append(t.probs, more.probs...)
}

// divergence is the exact KL from known distributions to a network's, summed over all tokens of the
// responses added so far.
type divergence struct {
	done int     // responses added so far
	nats float64 // summed over them
}

// add adds the next responses.
func (d *divergence) add(s *Suite, from distributions, n *model.Network) {
	sequences := from.sequences[d.done:min(d.done+s.sampler.Rows(), len(from.sequences))]
	each := make([]float64, len(sequences))
	s.scorer.Each(n, sequences, func(i int, logp, _ []float32) {
		for j, p := range from.probs[d.done+i] {
			each[i] += float64(float64(p) * (float64(from.logp[d.done+i][j]) - float64(logp[j])))
		}
	})
	for _, kl := range each {
		d.nats += kl
	}
	d.done += len(sequences)
}

// distances returns how far the policy is from the base, measured on the base's responses and on
// some of the policy's own.
func (m *Measurement) distances(name string) []protocol.Metric {
	theirs, own := m.suite.baseDists.sequences, m.ownDists.first(ownPrompts).sequences
	per := func(d divergence, count int) float64 { return d.nats / float64(count) }
	return []protocol.Metric{
		{Name: name + "kl_base_policy_nats", Value: per(m.forward, len(theirs))},
		{Name: name + "kl_base_policy_token_nats", Value: per(m.forward, lengths(theirs))},
		{Name: name + "kl_policy_base_nats", Value: per(m.reverse, len(own))},
		{Name: name + "kl_policy_base_token_nats", Value: per(m.reverse, lengths(own))},
	}
}

// lengths returns the number of tokens of the sequences together, End included.
func lengths(sequences []*rollout.Sequence) (tokens int) {
	for _, seq := range sequences {
		tokens += seq.PolicyLen()
	}
	return tokens
}
