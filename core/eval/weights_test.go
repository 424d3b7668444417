package eval

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/protocol"
)

// weightsOf returns a random small base, in bfloat16 as bases are.
func weightsOf(r *num.Rand) *model.Params {
	heads := 1 + r.IntN(3)
	p := model.NewParams(model.Config{Vocab: 2 + r.IntN(20), Dim: 2 * heads * (1 + r.IntN(4)),
		Layers: 1 + r.IntN(2), Heads: heads, Hidden: 1 + r.IntN(20), Context: 8})
	p.Init(r.Uint64())
	p.RoundBF16()
	return p
}

func named(metrics []protocol.Metric) map[string]float64 {
	m := map[string]float64{}
	for _, each := range metrics {
		m[each.Name] = each.Value
	}
	return m
}

// The base has not moved from itself.
func TestBaseHasNotMoved(t *testing.T) {
	for i := range uint64(20) {
		r := num.NewRand(i, "test", "still")
		base := weightsOf(&r)
		for _, m := range append(Moved(base, base.Clone()),
			Ranks(Matrices(base, base.Clone()))...) {
			want := 0.0
			if slices.Contains([]string{"weights/unchanged_share", "weights/unchanged_bf16_share",
				"weights/small_change_share"}, m.Name) {
				want = 1
			}
			if m.Value != want {
				t.Errorf("%s of the base is %v, want %v", m.Name, m.Value, want)
			}
		}
	}
}

// Some weights are moved, each by less than half a step of bfloat16 or by more than a whole one:
// the shares are those of the weights that were left or pushed too little, and the matrices' add up
// to the whole.
func TestMovedCountsWhatWasMoved(t *testing.T) {
	for i := range uint64(100) {
		r := num.NewRand(i, "test", "moved")
		base := weightsOf(&r)
		policy, often := base.Clone(), r.Float64()
		still, hidden, small, square, n := 0, 0, 0, 0.0, float64(len(base.Data))
		for j, w := range base.Data {
			// between neighbours in bfloat16, but below a power of two
			step := math.Ldexp(1, math.Ilogb(math.Abs(float64(w)))-7)
			if w == 0 {
				step = math.Ldexp(1, -140)
			}
			switch {
			case r.Float64() > often:
				still++
			case r.Float64() < 0.5:
				hidden++
				// away from 0, where steps are no smaller
				policy.Data[j] += float32(step * (0.2 * math.Copysign(1, float64(w))))
			default:
				policy.Data[j] += float32(step * (1 + r.Float64()) * math.Copysign(1, r.Norm()))
			}
			d := float64(policy.Data[j]) - float64(w)
			square += d * d
			if math.Abs(d) <= 1e-5 {
				small++
			}
		}
		got := named(Moved(base, policy))
		if got["weights/unchanged_share"] != float64(still)/n ||
			got["weights/unchanged_bf16_share"] != float64(still+hidden)/n ||
			got["weights/small_change_share"] != float64(small)/n {
			t.Fatalf("%v, want %d of %v unchanged, %d more hidden and %d small", got, still, n,
				hidden, small)
		}
		size, same, same16 := 0.0, 0.0, 0.0
		for _, m := range Matrices(base, policy) {
			size += m.Norm * m.Norm
			same += m.Unchanged * float64(m.Rows*m.Cols)
			same16 += m.UnchangedBF16 * float64(m.Rows*m.Cols)
		}
		for _, c := range [][2]float64{{size, square},
			{got["weights/update_norm"] * got["weights/update_norm"], square}, {same,
				float64(still)}, {same16, float64(still + hidden)}} {
			if math.Abs(c[0]-c[1]) > 1e-9*c[1] { // sums in another order
				t.Errorf("the parts make up %v, the whole is %v", c[0], c[1])
			}
		}
	}
}

// LoRA moves each matrix of a layer in no more directions than its rank, and nothing else.
func TestRankOfLoRA(t *testing.T) {
	for i := range uint64(30) {
		r := num.NewRand(i, "test", "lora")
		base := weightsOf(&r)
		rank := 1 + r.IntN(3)
		a := model.NewAdapters(base.Config, rank)
		for j := range a.Data {
			a.Data[j] = float32(r.Norm())
		}
		policy := base.Clone()
		a.Merge(policy, base)
		for _, m := range Matrices(base, policy) {
			full := min(m.Rows, m.Cols)
			switch {
			case m.Rows == 1 || m.Name == "embed" || m.Name == "head":
				if m.Norm != 0 || m.Rank != 0 || m.Rank99 != 0 {
					t.Errorf("%+v has moved", m)
				}
			case m.Rank99 > min(rank, full) || m.Rank99 < 1 || m.Rank < 1-1e-9 ||
				m.Rank > float64(min(rank, full))+0.01:
				// float32 leaves a haze around the directions
				t.Errorf("rank %d: %+v", rank, m)
			}
		}
	}
}

// Equal values count each as one, in any number, and of unequal ones the larger count more.
func TestSpectrum(t *testing.T) {
	for i := range uint64(200) {
		r := num.NewRand(i, "test", "spectrum")
		equal := slices.Repeat([]float64{math.Exp(r.Norm())}, 1+r.IntN(60))
		n := float64(len(equal))
		padded := append(slices.Clone(equal), make([]float64, r.IntN(9))...)
		effective, most := spectrum(padded)
		if math.Abs(effective-n) > 1e-12*n || most != int(math.Ceil(0.99*n-1e-9)) {
			t.Errorf("%v equal values: effective rank %v, and %d hold 99 %%", n, effective, most)
		}
		unequal := slices.Clone(equal)
		unequal[0] *= 1 + 9*r.Float64()
		if less, fewer := spectrum(unequal); n > 1 && (less >= n || less < 1) || fewer > most {
			t.Errorf("%v values, one of them larger: effective rank %v, and %d hold 99 %%", n, less,
				fewer)
		}
	}
}
