package eval

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
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

// add appends what was told about further responses.
func (t *told) add(more told) {
	t.sequences, t.logp, t.probs = append(t.sequences, more.sequences...), append(t.logp, more.logp...), append(t.probs, more.probs...)
}

// divergence is an exact KL from what was told about some responses to a network, summed over all tokens of the first of them.
type divergence struct {
	of   int     // responses
	nats float64 // of all of them together
}

// add adds the next responses.
func (d *divergence) add(s *Suite, from told, n *model.Network) {
	sequences := from.sequences[d.of:min(d.of+s.sampler.Rows(), len(from.sequences))]
	each := make([]float64, len(sequences))
	s.scorer.Each(n, sequences, func(i int, logp, _ []float32) {
		for j, p := range from.probs[d.of+i] {
			each[i] += float64(float64(p) * (float64(from.logp[d.of+i][j]) - float64(logp[j])))
		}
	})
	for _, kl := range each {
		d.nats += kl
	}
	d.of += len(sequences)
}

// distances say how far the policy is from the base, on the base's own responses and on some of those that it gave itself.
func (m *Measurement) distances(name string) []protocol.Metric {
	theirs, own := m.suite.told.sequences, m.own.first(ownPrompts).sequences
	per := func(d divergence, count int) float64 { return d.nats / float64(count) }
	return []protocol.Metric{
		{Name: name + "kl_base_policy_nats", Value: per(m.forward, len(theirs))},
		{Name: name + "kl_base_policy_token_nats", Value: per(m.forward, lengths(theirs))},
		{Name: name + "kl_policy_base_nats", Value: per(m.reverse, len(own))},
		{Name: name + "kl_policy_base_token_nats", Value: per(m.reverse, lengths(own))},
	}
}

// lengths is how many tokens of their own responses have together, End included.
func lengths(sequences []*rollout.Sequence) (tokens int) {
	for _, seq := range sequences {
		tokens += seq.PolicyLen()
	}
	return tokens
}
