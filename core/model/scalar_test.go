package model

import (
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/num"
)

// The gradient of a fixed random linear function of the numbers of a scalar network, every weight
// of the backbone and the head, as that of log-probabilities.
func TestScalarGradientsMatchFiniteDifferences(t *testing.T) {
	compareGradients(t, testNetwork(testConfig.Scalar(), 1),
		func(tape *Tape, n *Network, b *Batch) (value float64, slope []float32) {
			rng := num.NewRand(5, "test", "objective")
			for _, x := range tape.Logits(n, b) {
				coefficient := rng.Norm()
				value += coefficient * float64(x)
				slope = append(slope, float32(coefficient))
			}
			if len(slope) != len(b.Tokens) {
				t.Fatalf("%d numbers for %d tokens", len(slope), len(b.Tokens))
			}
			return value, slope
		})
}

// A head that is one column of a decoder's says to the bit what that column says: below the head
// nothing differs.
func TestScalarHasTheBackboneOfItsDecoder(t *testing.T) {
	n := testNetwork(testConfig, 2)
	batch := randomBatch(testConfig, 3, 9, 4)
	scalar := n.Params.Scalar()
	if got := NewTape(scalar.Config, false).Logits(NewNetwork(scalar),
		batch); slices.ContainsFunc(got, func(x float32) bool { return x != 0 }) {
		t.Errorf("before training a scalar network says %v, want zeros", got)
	}
	const column = 7
	for i := range scalar.Head {
		scalar.Head[i] = n.Head[i*testConfig.Vocab+column]
	}
	logits := NewTape(testConfig, false).Logits(n, batch)
	for i, x := range NewTape(scalar.Config, false).Logits(NewNetwork(scalar), batch) {
		if want := logits[i*testConfig.Vocab+column]; x != want {
			t.Errorf("position %d: %v, the decoder's column says %v", i, x, want)
		}
	}
}

func TestScalarShape(t *testing.T) {
	c := testConfig
	s := c.Scalar()
	if s == c || s != s.Scalar() || s.Outputs() != 1 || c.Outputs() != c.Vocab {
		t.Errorf("%+v and its scalar shape %+v", c, s)
	}
	if got, want := c.Weights()-s.Weights(), c.Dim*(c.Vocab-1); got != want {
		t.Errorf("the scalar shape has %d weights less, want %d", got, want)
	}
	if got, want := c.ForwardFLOPs(3)-
		s.ForwardFLOPs(3), float64(2*3*c.Dim*(c.Vocab-1)); got != want {
		t.Errorf("a scalar pass over 3 tokens is %v FLOP cheaper, want %v", got, want)
	}
	first, second := NewParams(s), NewParams(s)
	first.InitHead(1, "a")
	second.InitHead(1, "b")
	if slices.Equal(first.Head, second.Head) {
		t.Error("heads of two names are equal")
	}
}
