package num

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// lowRank draws a matrix (rows,cols) of a rank whose singular values fall off steeply or not at
// all, in float32.
func lowRank(r *Rand, rows, cols, rank int) []float32 {
	a, fall, scale := make([]float32, rows*cols), r.Float64(), math.Pow(10, 8*r.Float64()-4)
	for range rank {
		u, v := make([]float64, rows), make([]float64, cols)
		for i := range u {
			u[i] = r.Norm()
		}
		for j := range v {
			v[j] = r.Norm()
		}
		for i := range a {
			a[i] += float32(scale * u[i/cols] * v[i%cols])
		}
		scale *= fall
	}
	return a
}

// The values are those of another algorithm, LAPACK's as gonum has it, for any shape and rank.
func TestSingularValuesAgainstGonum(t *testing.T) {
	for i := range uint64(400) {
		r := NewRand(i, "test", "singular")
		rows, cols := 1+r.IntN(40), 1+r.IntN(40)
		rank := r.IntN(min(rows, cols) + 1)
		a := lowRank(&r, rows, cols, rank)
		got := SingularValues(a, rows, cols)
		wide := make([]float64, len(a))
		for j, x := range a {
			wide[j] = float64(x)
		}
		var svd mat.SVD
		if !svd.Factorize(mat.NewDense(rows, cols, wide), mat.SVDNone) {
			t.Fatal("gonum finds no values")
		}
		want := svd.Values(nil)
		if len(got) != len(want) ||
			!slices.IsSortedFunc(got, func(x, y float64) int { return cmp.Compare(y, x) }) {
			t.Fatalf("%d x %d: %d values, want %d, largest first", rows, cols, len(got), len(want))
		}
		for j := range got {
			if math.Abs(got[j]-want[j]) > 1e-13*want[0] { // rounding of both, in sums of forty
				t.Fatalf("%d x %d of rank %d, value %d: %v, gonum has %v", rows, cols, rank, j,
					got[j], want[j])
			}
		}
	}
}

// What is known without computing: a matrix that only stretches, one of zeros, and vectors.
func TestSingularValuesByHand(t *testing.T) {
	for _, c := range []struct {
		a          []float32
		rows, cols int
		want       []float64
	}{
		{[]float32{3, 0, 0, -5}, 2, 2, []float64{5, 3}},
		{[]float32{0, 0, 0, 0, 0, 0}, 2, 3, []float64{0, 0}},
		{[]float32{3, 4}, 1, 2, []float64{5}},
		{[]float32{3, 4}, 2, 1, []float64{5}},
		{[]float32{1, 1, 0, 0, 0, 0, 2, -2}, 4, 2, []float64{math.Sqrt(8), math.Sqrt(2)}},
	} {
		if got := SingularValues(c.a, c.rows, c.cols); !slices.Equal(got, c.want) {
			t.Errorf("%v as %d x %d: %v, want %v", c.a, c.rows, c.cols, got, c.want)
		}
	}
}

// Turning a matrix over or changing the order of its rows changes nothing but the rounding, and
// stretching it stretches the values.
func TestSingularValuesOfKin(t *testing.T) {
	for i := range uint64(100) {
		r := NewRand(i, "test", "kin")
		rows, cols := 1+r.IntN(30), 1+r.IntN(30)
		a := lowRank(&r, rows, cols, min(rows, cols))
		over, stretched, turned := make([]float32, len(a)), make([]float32,
			len(a)), append(slices.Clone(a[(rows/2)*cols:]), a[:(rows/2)*cols]...)
		for j, x := range a {
			over[j%cols*rows+j/cols], stretched[j] = x, -4*x
		}
		want := SingularValues(a, rows, cols)
		for j, s := range SingularValues(stretched, rows, cols) {
			if s != 4*want[j] {
				t.Fatalf("four times a: value %d is %v, want %v", j, s, 4*want[j])
			}
		}
		for name, got := range map[string][]float64{"turned over": SingularValues(over, cols, rows),
			"rows in another order": SingularValues(turned, rows, cols)} {
			for j := range want {
				if math.Abs(got[j]-want[j]) > 1e-13*want[0] { // rounding, as above
					t.Fatalf("%s: value %d is %v, want %v", name, j, got[j], want[j])
				}
			}
		}
	}
}

// The bits are the same on every platform.
func TestSingularValuesDigest(t *testing.T) {
	r := NewRand(1, "test", "singular digest")
	bits := uint64(0)
	for _, shape := range [][2]int{{24, 40}, {40, 24}, {16, 16}} {
		for _, v := range SingularValues(lowRank(&r, shape[0], shape[1], 12), shape[0], shape[1]) {
			bits = bits*31 + math.Float64bits(v)
		}
	}
	if want := uint64(0x5981974b75aadb47); bits != want {
		t.Errorf("the bits make up %#x, want %#x", bits, want)
	}
}

// An update of one matrix of the small reference model.
func BenchmarkSingularValues(b *testing.B) {
	r := NewRand(1, "test", "singular bench")
	a := lowRank(&r, 64, 176, 64)
	for b.Loop() {
		SingularValues(a, 64, 176)
	}
}
