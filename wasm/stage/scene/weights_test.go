package scene

import (
	"math/rand/v2"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
)

// randomMatrices are what becomes of a model of two layers.
func randomMatrices(r *rand.Rand) (all []protocol.Matrix) {
	for _, name := range []string{"embed", "layers.0.attn.norm", "layers.0.attn.query",
		"layers.0.mlp.gate", "layers.1.attn.query", "layers.1.mlp.down", "norm", "head"} {
		m := protocol.Matrix{Name: name, Rows: 8, Cols: 4 + r.IntN(9),
			Norm: r.ExpFloat64() * float64(r.IntN(3)), Base: r.ExpFloat64(), Unchanged: r.Float64(),
			UnchangedBF16: r.Float64()}
		if name == "norm" || name == "layers.0.attn.norm" {
			m.Rows = 1
		}
		if m.Norm > 0 {
			m.Rank, m.Rank99 = 1+r.Float64()*float64(min(m.Rows, m.Cols)-1), 1
		}
		all = append(all, m)
	}
	return all
}

// The larger update is farther to the right, likewise the one of higher rank, and both are read
// where they are drawn.
func TestWeights(t *testing.T) {
	forMany(t, func(t *testing.T, r *rand.Rand, record *Record) {
		p := drawWeights(record, View{}, 400+r.Float64()*900, 300+r.Float64()*500)
		at := keyed(p.Dots, func(d Dot) string { return d.Key })
		type mark struct{ value, x float64 }
		marks := map[string][]mark{}
		for lane, l := range record.lanes {
			for _, m := range l.compared.matrices {
				for name, value := range map[string]float64{"size": relative(m),
					"rank": rankShare(m)} {
					dot, ok := at[name+" "+string(rune('0'+lane))+" "+m.Name]
					if ok != (m.Rows > 1) {
						t.Fatalf("lane %d: %s of %s is drawn: %v", lane, name, m.Name, ok)
					}
					if !ok {
						continue
					}
					marks[name] = append(marks[name], mark{value, dot.At.X})
					found := false
					for _, row := range p.Point(dot.At).Tip.Rows {
						found = found ||
							row.Value == figure(relative(m)) && row.Role == LaneRole(lane)
					}
					if !found {
						t.Errorf("lane %d: %s is not read at %v", lane, m.Name, dot.At)
					}
				}
			}
		}
		for name, all := range marks {
			for i, a := range all {
				for _, b := range all[:i] {
					if a.value > b.value && a.x <= b.x || a.value < b.value && a.x >= b.x {
						t.Errorf("%s: %+v and %+v are drawn in another order", name, a, b)
					}
				}
			}
		}
	})
}

func TestQuantities(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 0.1149: ".11", 0.5: ".5", 1: "1", 2.345: "2.3",
		0.00123: ".0012", 0.000043: "4.3e-5"} {
		if got := quantity(x); got != want {
			t.Errorf("%v is written %s, want %s", x, got, want)
		}
	}
}

func TestMatrixNames(t *testing.T) {
	for name, want := range map[string][3]string{
		"embed":               {"embed", "embed", "embed"},
		"layers.0.attn.query": {"layer 1 query", "1 query", "layer 1"},
		"layers.11.mlp.down":  {"layer 12 down", "12 down", "layer 12"},
		"":                    {"", "", ""}, "a.b.c": {"a.b.c", "a.b.c", "a.b.c"},
	} {
		if got := [3]string{matrixName(name, true), matrixName(name, false),
			layerName(name, true)}; got != want {
			t.Errorf("%q is called %q, want %q", name, got, want)
		}
	}
}
