package stats

import (
	"math/bits"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/num"
)

// The example of Holm's method in Wikipedia's article on it: of 0.01, 0.04, 0.03 and 0.005, the
// first and the last are significant at 0.05.
func TestHolmOfAnExample(t *testing.T) {
	got := Holm([]float64{.01, .04, .03, .005})
	for i, want := range []float64{.03, .06, .06, .02} {
		near(t, "a corrected value", got[i], want)
	}
	if len(Holm(nil)) != 0 {
		t.Error("no values are corrected to some")
	}
}

// Holm's method is the closed test by Bonferroni's: a hypothesis is refused if every family that it
// belongs to is (Marcus, Peritz and Gabriel 1976). All families are tried here.
func TestHolmIsTheClosedTest(t *testing.T) {
	for i := range 200 {
		r := num.NewRand(uint64(i), "test/holm", "")
		p := make([]float64, 1+r.IntN(7))
		for k := range p {
			p[k] = square(r.Float64())
			if k > 0 && r.IntN(4) == 0 {
				p[k] = p[k-1]
			}
		}
		before := slices.Clone(p)
		got := Holm(p)
		if !slices.Equal(p, before) {
			t.Fatal("the values have been changed")
		}
		for k := range p {
			want := 0.0
			for family := range uint(1) << len(p) {
				if family>>k&1 == 0 {
					continue
				}
				smallest := 1.0
				for j := range p {
					if family>>j&1 == 1 {
						smallest = min(smallest, p[j])
					}
				}
				want = max(want, min(1, smallest*float64(bits.OnesCount(family))))
			}
			near(t, "a corrected value", got[k], want)
		}
	}
}
