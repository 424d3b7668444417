package model

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/parallel"
	"github.com/posttrain/posttrain/core/num"
)

// groups returns a batch whose sequences share prompts of several lengths. Two of them occur twice,
// the last one among these, and one is the beginning of another.
func groups(c Config) *Batch {
	tokens := func(seed uint64, n int) []int32 { return randomBatch(c, seed, n).Tokens }
	var b Batch
	b.Reset()
	prompt := tokens(1, 9)
	b.Append(prompt, tokens(2, 7))
	b.Append(prompt, tokens(3, 20))
	b.Append(prompt, tokens(3, 20))
	b.Append(prompt, tokens(3, 20)[:5])
	b.Append(tokens(4, 25))
	b.Append(tokens(4, 25)[:24], tokens(5, 6))
	b.Append(tokens(6, 1))
	b.Append(tokens(7, c.Context))
	b.Append(tokens(7, c.Context))
	return &b
}

// pieces returns the same sequences in batches of their own, which share nothing.
func pieces(b *Batch) []*Batch {
	var out []*Batch
	for i, from := range b.Start[:len(b.Start)-1] {
		var one Batch
		one.Append(b.Tokens[from:b.Start[i+1]])
		out = append(out, &one)
	}
	return out
}

// Neither threads inside a pass nor prompts that are computed once leave a trace in any bit.
func TestThreadsAndSharedPromptsLeaveNoTrace(t *testing.T) {
	for _, shape := range []Config{testConfig,
		{Vocab: 40, Dim: 96, Layers: 2, Heads: 3, Hidden: 330, Context: 40}} {
		for _, c := range []Config{shape, shape.Scalar()} {
			n, batch := testNetwork(shape, 21), groups(shape)
			if c.scalar {
				p := n.Params.Scalar()
				p.InitHead(1, "head")
				n = NewNetwork(p)
			}
			n = n.WithTemp(1.25)
			slope := randomSlope(len(batch.Tokens) * c.Outputs())
			wantOut, want := alone(n, batch, slope)
			for _, threads := range []int{1, 2, 3, 8} {
				tape, grad := NewTape(c, true), NewParams(c)
				tape.Use(parallel.NewTeam(threads))
				for range 2 { // the second pass finds what the first one has left
					clear(grad.Data)
					out := forward(tape, n, batch)
					if !equalBits(out, wantOut) {
						t.Errorf("%+v, %d threads: other outputs", c, threads)
					}
					tape.Backward(n, slices.Clone(slope), grad)
					if !equalBits(grad.Data, want.Data) {
						t.Errorf("%+v, %d threads: another gradient", c, threads)
					}
				}
				scoring := NewTape(c, false)
				scoring.Use(parallel.NewTeam(threads))
				if !equalBits(forward(scoring, n, batch), wantOut) {
					t.Errorf("%+v, %d threads: scoring gives other outputs", c, threads)
				}
			}
		}
	}
}

// alone returns the outputs and the gradient of sequences that pass one by one on one thread.
func alone(n *Network, batch *Batch, slope []float32) (out []float32, grad *Params) {
	tape, grad := NewTape(n.Config, true), NewParams(n.Config)
	for i, one := range pieces(batch) {
		out = append(out, forward(tape, n, one)...)
		from, to := batch.Start[i]*n.Config.Outputs(), batch.Start[i+1]*n.Config.Outputs()
		tape.Backward(n, slices.Clone(slope[from:to]), grad)
	}
	return out, grad
}

// forward returns a copy of what a pass computes: log-probabilities, or the outputs of a scalar
// shape.
func forward(t *Tape, n *Network, b *Batch) []float32 {
	if n.Config.scalar {
		return slices.Clone(t.Logits(n, b))
	}
	t.Forward(n, b)
	return slices.Clone(t.Logp[:len(b.Tokens)*n.Config.Vocab])
}

func randomSlope(n int) []float32 {
	slope, rng := make([]float32, n), num.NewRand(5, "test", "slope")
	for i := range slope {
		slope[i] = float32(rng.Norm())
	}
	return slope
}

func equalBits(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool {
		return math.Float32bits(x) == math.Float32bits(y)
	})
}

// The rows of a step can be shared among threads, too.
func TestThreadsThatDecodeLeaveNoTrace(t *testing.T) {
	c := testConfig
	n, tokens := testNetwork(c, 6), randomBatch(c, 7, 30).Tokens
	slots := []int{4, 0, 2, 1, 3}
	decode := func(team *parallel.Team) (all []float32) {
		d := NewDecoder(n, len(slots))
		d.Use(team)
		for i := range 5 {
			d.Step(slots, tokens[i*len(slots):(i+1)*len(slots)])
			all = append(all, d.Logp...)
		}
		return all
	}
	want := decode(parallel.NewTeam(1))
	for _, threads := range []int{2, 3, 8} {
		if !equalBits(decode(parallel.NewTeam(threads)), want) {
			t.Errorf("%d threads: other log-probabilities", threads)
		}
	}
}

// Weights that a team packs are packed as one thread packs them, before and after the first
// backward pass.
func TestThreadsThatPackLeaveNoTrace(t *testing.T) {
	batch := groups(testConfig)
	slope := randomSlope(len(batch.Tokens) * testConfig.Vocab)
	gradients := func(threads int) (digests []string) {
		n := testNetwork(testConfig, 3)
		n.Use(parallel.NewTeam(threads))
		for range 3 {
			_, grad := alone(n, batch, slope)
			digests = append(digests, grad.Digest())
			for i := range n.Data {
				n.Data[i] *= 1.01
			}
			n.Refresh()
		}
		return digests
	}
	if got, want := gradients(3), gradients(1); !slices.Equal(got, want) {
		t.Errorf("gradients %v, want %v", got, want)
	}
}
