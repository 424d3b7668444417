package model

import (
	"slices"
	"testing"
)

func TestNearest(t *testing.T) {
	for x, want := range map[float32]int32{0: 0, 0.5: 0, 0.50001: 1, 1.5: 2, 2.5: 2, -0.5: 0,
		-1.5: -2, -2.5: -2, -2.51: -3, 126.5: 126, 127: 127, 0.49999997: 0} {
		if got := nearest(x); got != want {
			t.Errorf("nearest(%v) is %d, want %d", x, got, want)
		}
	}
}

// With 127 as the largest number of a row its scale is 1, so the rest can be rounded in the head.
// With 63.5 it is a half.
func TestRoundRow(t *testing.T) {
	for _, c := range []struct{ row, want []float32 }{
		{[]float32{127, 0.5, 1.5, -2.5, -0.6}, []float32{127, 0, 2, -2, -1}},
		{[]float32{-63.5, 0.25, 0.26, 10}, []float32{-63.5, 0, 0.5, 10}},
		{[]float32{0, 0}, []float32{0, 0}},
	} {
		row := slices.Clone(c.row)
		if roundRow(row); !slices.Equal(row, c.want) {
			t.Errorf("%v is rounded to %v, want %v", c.row, row, c.want)
		}
	}
}

// Rounding leaves at most 255 numbers in a row, keeps the largest one, changes nothing when it is
// done again, and leaves the norms alone.
func TestRoundInt8(t *testing.T) {
	p := NewParams(Config{Vocab: 9, Dim: 16, Layers: 2, Heads: 2, Hidden: 24, Context: 8})
	p.Init(3)
	for i := range p.Norm {
		p.Norm[i] = 1 + float32(i)/7
	}
	before := p.Clone()
	p.RoundInt8()
	once := p.Digest()
	if once == before.Digest() {
		t.Error("nothing is rounded")
	}
	for k, b := range p.Blocks() {
		was := before.Blocks()[k].Data
		for i, w := range b.Data {
			row := was[i/b.Cols*b.Cols : (i/b.Cols+1)*b.Cols]
			most := max(slices.Max(row), -slices.Min(row))
			if off := max(w-was[i], was[i]-w); b.Rows == 1 && off != 0 || off > most/127*0.50001 {
				t.Fatalf("%s: %v is rounded to %v in a row up to %v", b.Name, was[i], w, most)
			}
		}
	}
	if p.RoundInt8(); p.Digest() != once {
		t.Error("rounding again changes the weights")
	}
}

// Values worked out by hand: bfloat16 has 7 bits after the leading one.
func TestRoundBF16ByHand(t *testing.T) {
	p := &Params{Data: []float32{1, 1 + 1.0/256, 1 + 3.0/256, 1 + 1.0/256 + 1.0/4096, -1 - 1.0/256}}
	p.RoundBF16()
	want := []float32{1, 1, 1 + 1.0/64, 1 + 1.0/128, -1}
	if !slices.Equal(p.Data, want) {
		t.Errorf("rounded to %v, want %v", p.Data, want)
	}
}
