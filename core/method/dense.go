package method

import (
	"slices"

	"posttrain/core/num"
	"posttrain/core/param"
)

// Dense pushes the whole vocabulary at every token of a source: Weights gives every symbol's coefficient, which is then
// averaged like a [Row]'s. On the logits the push is c − (Σ c)·p, so weights in proportion to p push nothing.
type Dense struct {
	From     Source
	Weights  func(c *Completion, t int) []float64 // (V)
	Reduce   Reduce
	Requires Needs // what Weights reads
}

// Needs is completions and what Weights reads.
func (d Dense) Needs() Needs { return d.Requires | eats(d.From) }

// Add writes the dense channel.
func (d Dense) Add(dst Coeffs, batch []Group) {
	norm := d.Reduce.over(batch, d.From)
	for g, group := range batch {
		for i, c := range group {
			if c.Source != d.From || c.Len() == 0 {
				continue
			}
			v := c.Vocab()
			to := dst[g][i].NeedDense(c.Len() * v)
			for t := range c.Len() {
				for k, w := range d.Weights(c, t) {
					to[t*v+k] += float64(w * norm(c))
				}
			}
		}
	}
}

// towardsReference is the exact −KL(π_ref‖π) at every demonstrated token: the push towards all that the reference model
// would say there, in its proportions.
func towardsReference() Dense {
	return Dense{From: Demo, Requires: RefDist, Weights: func(c *Completion, t int) []float64 {
		return probabilities(at(c.RefDist, c, t), 1)
	}}
}

// at is a row of a whole distribution (T,V).
func at(dist []float64, c *Completion, t int) []float64 {
	v := c.Vocab()
	return dist[t*v : (t+1)*v]
}

// probabilities are softmax(logp/temperature).
func probabilities(logp []float64, temperature float64) []float64 {
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

// imitation collects demonstrations.
func imitation(param.Values) Collect { return Collect{Demos: 1, Epochs: 1} }
