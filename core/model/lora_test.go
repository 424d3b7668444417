package model

import (
	"math"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/internal/fd"
	"github.com/posttrain/posttrain/core/num"
)

// randomAdapters has numbers everywhere.
func randomAdapters(like *Params, rank int) *Adapters {
	a, r := NewAdapters(like.Config, rank), num.NewRand(9, "test", "adapters")
	for i := range a.Data {
		a.Data[i] = float32(0.2 * r.Norm())
	}
	return a
}

func adapted(b Block) bool { return b.Rows > 1 && strings.HasPrefix(b.Name, "layers.") }

func TestFreshAdaptersChangeNothing(t *testing.T) {
	start := testNetwork(testConfig, 1).Params
	for _, rank := range []int{1, 4, 30} {
		a, p := NewAdapters(testConfig, rank), NewParams(testConfig)
		a.Init(5, start, 0)
		a.Merge(p, start)
		if p.Digest() != start.Digest() {
			t.Errorf("rank %d: the adapted model is not the one that it starts from", rank)
		}
		again, other := NewAdapters(testConfig, rank), NewAdapters(testConfig, rank)
		again.Init(5, start, 0)
		other.Init(5, start, 1)
		drawn := 0
		for i, x := range a.Data {
			if x != again.Data[i] || x != 0 && x == other.Data[i] {
				t.Fatalf("rank %d: number %d is %v, then %v, and %v in another stage", rank, i, x,
					again.Data[i], other.Data[i])
			}
			if x != 0 {
				drawn++
			}
		}
		if want := rank * testConfig.Layers * (6*testConfig.Dim +
			testConfig.Hidden); drawn != want {
			t.Errorf("rank %d: %d numbers are drawn, want the %d of every A", rank, drawn, want)
		}
	}
}

// What is merged is the product by the textbook, in the matrices of the layers and nowhere else.
func TestMergeAgainstTheTextbook(t *testing.T) {
	const rank = 3
	start, p := testNetwork(testConfig, 1).Params, NewParams(testConfig)
	a := randomAdapters(start, rank)
	a.Merge(p, start)
	rest, before := a.Data, start.Blocks()
	for i, b := range p.Blocks() {
		down, up := rest, rest
		if adapted(b) {
			up = rest[b.Rows*rank:]
			rest = up[rank*b.Cols:]
		}
		for j, w := range b.Data {
			want := float64(before[i].Data[j])
			for k := 0; adapted(b) && k < rank; k++ {
				want += 32.0 / rank * float64(down[j/b.Cols*rank+k]) * float64(up[k*b.Cols+
					j%b.Cols])
			}
			// Four roundings of numbers below 8.
			if math.Abs(float64(w)-want) > 4*8*0x1p-24 {
				t.Fatalf("%s: weight %d is %v, want %v", b.Name, j, w, want)
			}
		}
	}
	if len(rest) != 0 {
		t.Errorf("%d numbers of the adapters belong to no matrix", len(rest))
	}
}

// The gradient of A and B is the slope of any function of the merged weights, here of one that is
// linear in them: it is then linear in each number of A and B, so that a long step is exact but for
// float32's rounding.
func TestAdaptersGradientMatchesFiniteDifferences(t *testing.T) {
	start, merged, grad := testNetwork(testConfig,
		1).Params, NewParams(testConfig), NewParams(testConfig)
	a, r := randomAdapters(start, 3), num.NewRand(3, "test", "slope")
	for i := range grad.Data {
		grad.Data[i] = float32(r.Norm())
	}
	objective := func() (sum float64) {
		a.Merge(merged, start)
		for i, w := range merged.Data {
			sum += float64(w-start.Data[i]) * float64(grad.Data[i])
		}
		return sum
	}
	slope := a.Gradient(grad)
	for range 200 {
		i := r.IntN(len(a.Data))
		want := fd.Slope(objective, &a.Data[i], 1)
		// A slope is a sum over a row or column of some twenty numbers of size 32/3·0.2.
		if math.Abs(float64(slope[i])-want) > 1e-3 {
			t.Errorf("number %d: gradient %v, finite difference %v", i, slope[i], want)
		}
	}
}

// With as many ranks as rows and a scaled identity for A, B is the whole matrix: its gradient is
// the matrix's own.
func TestAdaptersOfFullRankAreTheMatrix(t *testing.T) {
	c := Config{Vocab: 5, Dim: 8, Layers: 1, Heads: 2, Hidden: 8, Context: 4}
	start, merged, grad := testNetwork(c, 1).Params, NewParams(c), testNetwork(c, 2).Params
	a := NewAdapters(c, c.Dim)
	b := make([][]float32, 0, 7) // every matrix's B
	for rest := a.Data; len(rest) > 0; rest = rest[2*c.Dim*c.Dim:] {
		for i := range c.Dim {
			rest[i*c.Dim+i] = float32(c.Dim) / 32
		}
		b = append(b, rest[c.Dim*c.Dim:2*c.Dim*c.Dim])
	}
	slope, at := a.Gradient(grad), 0
	for _, m := range grad.Blocks() {
		if !adapted(m) {
			continue
		}
		copy(b[at], m.Data)
		for i, g := range slope[(2*at+1)*c.Dim*c.Dim:][:c.Dim*c.Dim] {
			if g != m.Data[i] { // a power of two and its inverse round nothing
				t.Fatalf("%s: the gradient of B is %v, want %v", m.Name, g, m.Data[i])
			}
		}
		at++
	}
	a.Merge(merged, start)
	for i, m := range merged.Blocks() {
		for j, w := range m.Data {
			want := start.Blocks()[i].Data[j]
			if adapted(m) {
				want += grad.Blocks()[i].Data[j]
			}
			if w != want {
				t.Fatalf("%s: weight %d is %v, want %v", m.Name, j, w, want)
			}
		}
	}
}

// Both ledgers by hand: of a model with one number of everything.
func TestTrainingFLOPs(t *testing.T) {
	c := Config{Vocab: 3, Dim: 2, Layers: 1, Heads: 1, Hidden: 5, Context: 9}
	// Of a token: 4·2·2 + 3·2·5 + 2·3 = 52 multiply-adds with weights; at length 4, 2·2·4 = 16 of
	// attention.
	if got := c.TrainingFLOPs(4, 0); got != 3*2*4*(52+16) || got != 3*c.ForwardFLOPs(4) {
		t.Errorf("all weights: %v", got)
	}
	// Without the matrices' own gradients, with adapters of 4·(2+2) + 3·(2+5) = 37 weights a rank.
	if got := c.TrainingFLOPs(4, 2); got != 2*4*(2*52+3*16+3*2*37) || c.AdapterWeights(2) != 2*37 {
		t.Errorf("rank 2: %v, %d weights", got, c.AdapterWeights(2))
	}
}
