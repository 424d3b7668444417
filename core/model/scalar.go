package model

import (
	"math"

	"github.com/posttrain/posttrain/core/num"
)

// Scalar is the shape of a decoder that says one number at every position instead of a distribution over what follows: a
// critic or a reward model on the same backbone. Its head is (C) and has no bias. A pass through it is [Tape.Logits], whose
// result is then (N); [Tape.Backward] takes the ascent direction at those numbers.
func (c Config) Scalar() Config {
	c.scalar = true
	return c
}

// Outputs is how many numbers the head gives at a position: V, or 1 of a scalar shape.
func (c Config) Outputs() int {
	if c.scalar {
		return 1
	}
	return c.Vocab
}

// Scalar copies the backbone below a head of zeros, which says 0 everywhere.
func (p *Params) Scalar() *Params {
	out := NewParams(p.Config.Scalar())
	copy(out.Data, p.Data[:len(p.Data)-len(p.Head)])
	return out
}

// InitHead draws the head afresh as Init does, with standard deviation 1/sqrt(C), from (seed, name).
func (p *Params) InitHead(seed uint64, name string) {
	rng, std := num.NewRand(seed, "init", name), 1/math.Sqrt(float64(p.Config.Dim))
	for i := range p.Head {
		p.Head[i] = float32(std * rng.Norm())
	}
}
