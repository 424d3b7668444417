package model

import (
	"math"

	"github.com/posttrain/posttrain/core/num"
)

// Scalar returns the shape of a decoder with one number at every position instead of a
// distribution: a critic or a reward model on the same backbone. Its head is (C) and has no bias. A
// pass through it is [Tape.Logits], which then returns (N); [Tape.Backward] takes the direction of
// ascent at those numbers.
func (c Config) Scalar() Config {
	c.scalar = true
	return c
}

// Outputs returns the number of the head's outputs at a position: V, or 1 for a scalar shape.
func (c Config) Outputs() int {
	if c.scalar {
		return 1
	}
	return c.Vocab
}

// Scalar returns a copy of the weights with a scalar head of zeros, so that every output is 0.
func (p *Params) Scalar() *Params {
	out := NewParams(p.Config.Scalar())
	copy(out.Data, p.Data[:len(p.Data)-len(p.Head)])
	return out
}

// InitHead draws the head anew, with standard deviation 1/sqrt(C), from (seed, name).
func (p *Params) InitHead(seed uint64, name string) {
	rng, std := num.NewRand(seed, "init", name), 1/math.Sqrt(float64(p.Config.Dim))
	for i := range p.Head {
		p.Head[i] = float32(std * rng.Norm())
	}
}
