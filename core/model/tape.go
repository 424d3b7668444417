package model

import (
	"github.com/posttrain/posttrain/core/internal/parallel"
	"github.com/posttrain/posttrain/core/num"
)

const normEps = 1e-5

// Batch is sequences laid end to end. Sequence i is Tokens[Start[i]:Start[i+1]], at most Context
// tokens long.
type Batch struct {
	Tokens []int32 // (N)
	Start  []int   // (B+1)
}

// Reset empties the batch and keeps its memory.
func (b *Batch) Reset() {
	b.Tokens = b.Tokens[:0]
	b.Start = append(b.Start[:0], 0)
}

// Append adds one sequence, the concatenation of parts.
func (b *Batch) Append(parts ...[]int32) {
	if len(b.Start) == 0 {
		b.Start = append(b.Start, 0)
	}
	for _, p := range parts {
		b.Tokens = append(b.Tokens, p...)
	}
	b.Start = append(b.Start, len(b.Tokens))
}

// Tape is the memory for forward and backward passes, one at a time. It grows to the largest batch
// so far and then allocates nothing.
type Tape struct {
	config  Config
	keep    bool // activations of all layers are kept for Backward
	layers  []layerTape
	team    *parallel.Team // the threads inside a pass
	scratch []scratch      // one for each of them
	pass    pass

	x     []float32 // (N,C) residual stream after the last layer
	rstd  []float32 // (N)
	xn    []float32 // (N,C)
	Logp  []float32 // (N,V) log-probability of every token as the next one
	Probs []float32 // (N,V)

	grad   gradTape
	tokens int // capacity N
	square int // capacity sum of T·T
}

// layerTape is what the backward pass of a layer reads.
type layerTape struct {
	x        []float32 // (N,C) input
	rstdAttn []float32 // (N)
	xnAttn   []float32 // (N,C)
	q, k, v  []float32 // (N,C)
	probs    []float32 // per sequence (H,T,T)
	att      []float32 // (N,C)
	mid      []float32 // (N,C) after attention
	rstdMLP  []float32 // (N)
	xnMLP    []float32 // (N,C)
	gate, up []float32 // (N,F)
	act      []float32 // (N,F)
}

// gradTape holds the gradients that flow back through one layer.
type gradTape struct {
	dx, dxn        []float32 // (N,C)
	dq, dk, dv     []float32 // (N,C)
	datt           []float32 // (N,C)
	dgate, dup, da []float32 // (N,F)
}

// scratch is the memory of one thread inside a pass.
type scratch struct {
	attn   attention
	packed []float32 // (N,groupCols) some columns of a gradient as a packed right operand
	norm   []float32 // (C) what a norm's backward pass adds to its weights, where that is unused
}

// NewTape returns memory for passes through networks of this shape. Without keep there can be no
// backward pass, and it takes the memory of one layer instead of all.
func NewTape(c Config, keep bool) *Tape {
	t := &Tape{config: c, keep: keep, layers: make([]layerTape, c.Layers)}
	t.pass.steps = newSteps(t)
	t.Use(parallel.NewTeam(1))
	return t
}

// Use makes the passes that follow share their work among the workers of a team. The results are
// the same. A new tape uses a team of one.
func (t *Tape) Use(team *parallel.Team) {
	t.team, t.scratch = team, make([]scratch, team.Size())
	for i := range t.scratch {
		t.scratch[i] = scratch{attn: newAttention(t.config, t.keep)}
		if t.keep {
			t.scratch[i].norm = make([]float32, t.config.Dim)
		}
	}
	t.tokens, t.square = 0, 0 // so that reserve makes room for this many threads
}

// reserve grows the memory to the size of a batch.
func (t *Tape) reserve(b *Batch) {
	n, square := len(b.Tokens), 0
	for i, start := range b.Start[:len(b.Start)-1] {
		length := b.Start[i+1] - start
		square += length * length
	}
	if n <= t.tokens && square <= t.square {
		return
	}
	t.tokens, t.square = max(n, t.tokens), max(square, t.square)
	total := 0
	t.layOut(func(n int) []float32 {
		total += num.PackedLen(1, n)
		return nil
	})
	rest := make([]float32, total)
	t.layOut(func(n int) []float32 {
		array := rest[:n:n]
		rest = rest[num.PackedLen(1, n):]
		return array
	})
}

// layOut makes all arrays that grow with the batch. It is called twice: first to count, and then to
// cut one block, since the allocator would round up every small array. Each begins at a multiple of
// a panel's row, so no load of a vector kernel straddles two cache lines.
func (t *Tape) layOut(floats func(n int) []float32) {
	c, n := t.config, t.tokens
	for i := range t.layers {
		if i > 0 && !t.keep {
			t.layers[i] = t.layers[0]
			continue
		}
		t.layers[i] = layerTape{
			x: floats(n * c.Dim), rstdAttn: floats(n), xnAttn: floats(n * c.Dim),
			q: floats(n * c.Dim), k: floats(n * c.Dim), v: floats(n * c.Dim),
			probs: floats(c.Heads * t.square), att: floats(n * c.Dim), mid: floats(n * c.Dim),
			rstdMLP: floats(n), xnMLP: floats(n * c.Dim),
			gate: floats(n * c.Hidden), up: floats(n * c.Hidden), act: floats(n * c.Hidden),
		}
	}
	t.x, t.rstd, t.xn = floats(n*c.Dim), floats(n), floats(n*c.Dim)
	t.Logp, t.Probs = floats(n*c.Outputs()), floats(n*c.Outputs())
	if !t.keep {
		return
	}
	for i := range t.scratch {
		t.scratch[i].packed = floats(num.PackedLen(n, t.groupCols()))
	}
	t.grad = gradTape{
		dx: floats(n * c.Dim), dxn: floats(n * c.Dim),
		dq: floats(n * c.Dim), dk: floats(n * c.Dim), dv: floats(n * c.Dim),
		datt:  floats(n * c.Dim),
		dgate: floats(n * c.Hidden), dup: floats(n * c.Hidden), da: floats(n * c.Hidden),
	}
}
