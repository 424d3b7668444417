package objective

import (
	"slices"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

// Dense gives every symbol of the vocabulary a coefficient at every token of a source, averaged as
// a [Row]'s are. The ascent direction at the logits is c − (Σ c)·p, so coefficients in proportion
// to p change nothing.
type Dense struct {
	From     Source
	Weights  func(c *Completion, t int) []float64 // (V)
	Reduce   Reduce
	Requires Needs // what Weights reads
}

// Needs returns the completions of the source and what Weights reads.
func (d Dense) Needs() Needs { return d.Requires | SourceNeed(d.From) }

// Add adds to the dense channel.
func (d Dense) Add(dst Coeffs, batch []Group) {
	norm := d.Reduce.Share(batch, d.From)
	for g, group := range batch {
		for i, c := range group {
			if c.Source != d.From || c.Len() == 0 {
				continue
			}
			v := c.Vocab()
			to := dst[g][i].NeedDense(c.Len() * v)
			for t := range c.Len() {
				share := c.corrected(t) * norm(c)
				for k, w := range d.Weights(c, t) {
					to[t*v+k] += float64(w * share)
				}
			}
		}
	}
}

// TowardsReference returns the exact −KL(π_ref‖π) at every demonstrated token. It moves the
// policy's distribution towards the reference model's.
func TowardsReference() Dense {
	return Dense{From: Demo, Requires: RefDist, Weights: func(c *Completion, t int) []float64 {
		return Softmax(DistAt(c.RefDist, c, t), 1)
	}}
}

// DistAt returns the distribution (V) at token t of a completion, from dist (T,V).
func DistAt(dist []float64, c *Completion, t int) []float64 {
	v := c.Vocab()
	return dist[t*v : (t+1)*v]
}

// Softmax returns softmax(logp/temperature).
func Softmax(logp []float64, temperature float64) []float64 {
	p, most, total := make([]float64, len(logp)), slices.Max(logp), 0.0
	for k, l := range logp {
		p[k] = num.Exp((l - most) / temperature)
		total += p[k]
	}
	for k := range p {
		p[k] /= total
	}
	return p
}

// CollectDemos returns a description of steps with one demonstration for each prompt.
func CollectDemos(param.Values) Collect { return Collect{Demos: 1, Epochs: 1} }
