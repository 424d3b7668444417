// Package model is a Llama-style decoder: RMSNorm, rotary positions, causal attention, SwiGLU, no
// biases, an untied head. All weights are one flat block of float32, and a layer's forward and
// backward pass stand side by side in one file. Every number is the same on every platform (see
// package num).
//
// Start with [Config], [NewParams] and [NewNetwork]. A [Tape] runs whole sequences forward and
// backward; a [Decoder] generates token by token.
//
// Dimension letters: N tokens of all sequences of a batch laid end to end, T tokens of one
// sequence, C channels, V vocabulary, L layers, H heads, D = C/H channels of a head, F hidden width
// of the MLP.
package model

import (
	"fmt"

	"github.com/posttrain/posttrain/core/prose"
)

//go:generate go tool msgp -tests=false -io=false

// Config is the shape of a decoder.
type Config struct {
	Vocab   int `msg:"vocab" json:"vocab"`
	Dim     int `msg:"dim" json:"dim"`         // C
	Layers  int `msg:"layers" json:"layers"`   // L
	Heads   int `msg:"heads" json:"heads"`     // H
	Hidden  int `msg:"hidden" json:"hidden"`   // F
	Context int `msg:"context" json:"context"` // most tokens in a sequence

	scalar bool // one output at every position instead of V
}

// Limits on the shapes that are accepted, so that a checkpoint cannot make the program allocate too
// much.
const (
	MaxVocab   = 1 << 16
	MaxDim     = 4096
	MaxLayers  = 128
	MaxHidden  = 4 * MaxDim
	MaxContext = 1 << 16
	MaxWeights = 1 << 28
)

// Validate returns an error that says what is wrong with the shape, or nil.
func (c Config) Validate() error {
	for _, f := range []struct {
		name       string
		value, max int
	}{
		{"vocab", c.Vocab, MaxVocab}, {"dim", c.Dim, MaxDim}, {"layers", c.Layers, MaxLayers},
		{"heads", c.Heads, MaxDim}, {"hidden", c.Hidden, MaxHidden},
		{"context", c.Context, MaxContext},
	} {
		if f.value < 1 || f.value > f.max {
			return fmt.Errorf("model %s is %d: want 1 to %d", f.name, f.value, f.max)
		}
	}
	if c.Dim%c.Heads != 0 || (c.Dim/c.Heads)%2 != 0 {
		return fmt.Errorf("model dim %d over %d heads: each head needs a whole, even number "+
			"of channels", c.Dim, c.Heads)
	}
	if n := c.Weights(); n > MaxWeights {
		return fmt.Errorf("model has %d weights: at most %d are accepted", n, MaxWeights)
	}
	return nil
}

// String returns the shape in words.
func (c Config) String() string {
	return fmt.Sprintf("%d symbols, %d channels in %s of %s and %s, and a context of %s", c.Vocab,
		c.Dim, prose.Count(c.Layers, "layer"), prose.Count(c.Heads, "head"),
		prose.Count(c.Hidden, "hidden unit"), prose.Count(c.Context, "token"))
}

// HeadDim returns D, the number of channels of an attention head.
func (c Config) HeadDim() int { return c.Dim / c.Heads }

// Weights returns the number of parameters.
func (c Config) Weights() int {
	layer := 4*c.Dim*c.Dim + 3*c.Dim*c.Hidden + 2*c.Dim
	return c.Vocab*c.Dim + c.Layers*layer + c.Dim + c.Dim*c.Outputs()
}

// ForwardFLOPs returns the arithmetic of a forward pass over a sequence of t tokens: two for each
// multiply-add of a matrix product. Attention is not halved for its mask. Generating the sequence
// costs the same, and a backward pass twice as much.
func (c Config) ForwardFLOPs(t int) float64 {
	attention := float64(c.Layers * 2 * c.Dim * t)
	return float64(2 * float64(t) * (c.linear() + attention))
}

// linear returns the number of multiply-adds of a token in products with weight matrices.
func (c Config) linear() float64 {
	return float64(c.Layers*(4*c.Dim*c.Dim+3*c.Dim*c.Hidden) + c.Dim*c.Outputs())
}

// TrainingFLOPs returns the arithmetic of a forward and a backward pass over a sequence of t
// tokens, which is three times ForwardFLOPs. With adapters (rank above 0) the gradients of the
// frozen matrices are left out, a third of the products with them, and the adapters' three products
// are added. That is what LoRA needs; this program merges the adapters and computes all gradients,
// so it does not save them.
func (c Config) TrainingFLOPs(t, rank int) float64 {
	full := float64(3 * c.ForwardFLOPs(t))
	if rank == 0 {
		return full
	}
	return full - float64(2*float64(t)*c.linear()) +
		float64(6*float64(t)*float64(c.AdapterWeights(rank)))
}
