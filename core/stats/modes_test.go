package stats

import (
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"

	"github.com/posttrain/posttrain/core/num"
)

// Of all divisions into two groups, none explains more than the best one that does not interleave.
func TestBestSplitIsTheBest(t *testing.T) {
	for i := range 100 {
		r := num.NewRand(uint64(i), "test/split", "")
		x := make([]float64, 2+r.IntN(8))
		for k := range x {
			x[k] = r.Norm() + 3*float64(r.IntN(2))
		}
		slices.Sort(x)
		total := stat.PopVariance(x, nil) * float64(len(x))
		want := 0.0
		for groups := uint(1); groups+1 < 1<<len(x); groups++ {
			var parts [2][]float64
			for k, v := range x {
				g := groups >> k & 1
				parts[g] = append(parts[g], v)
			}
			inside := 0.0
			for _, part := range parts {
				inside += stat.PopVariance(part, nil) * float64(len(part))
			}
			want = max(want, 1-inside/total)
		}
		_, got := bestSplit(x)
		near(t, "the best split", got, want)
	}
}

func TestModes(t *testing.T) {
	s := blank(Design{6, 2, 1})
	copy(s.values, []float64{.1, .12, .9, .95, .93, .9, .91, .08, .94, .9, .92, .96})
	m := s.Modes(Options{})
	if m.Lower.Runs != 3 || m.Upper.Runs != 9 || m.P > .01 {
		t.Errorf("%+v: want 3 runs apart from 9", m)
	}
	near(t, "the lower mean", m.Lower.Mean, .1)
	near(t, "the split", m.Split, (.12+.9)/2)

	m = ofBases(.5, .5, .5).Modes(Options{})
	if m.P != 1 || m.Lower != (Group{3, .5}) || m.Upper != (Group{}) || m.Explained != 0 {
		t.Errorf("runs that are alike: %+v", m)
	}
	if m = ofBases(.5).Modes(Options{}); m.P != 1 || m.Lower.Runs != 1 {
		t.Errorf("one run: %+v", m)
	}
}
