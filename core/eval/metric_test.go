package eval

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
)

func TestDictionaryIsComplete(t *testing.T) {
	for _, d := range dictionary {
		group, _, ok := strings.Cut(d.Name, "/")
		if !ok || !slices.Contains([]string{"eval", "train", "weights", "cost"}, group) ||
			(group == "eval") != strings.Contains(d.Name, level) {
			t.Errorf("%q is none of train/NAME, weights/NAME, cost/NAME and eval/LEVEL/NAME",
				d.Name)
		}
		if d.Title == "" || d.Estimator == "" || d.Doc == "" || strings.Contains(d.Name, " ") {
			t.Errorf("%q has no title, estimator or doc, or a space in it", d.Name)
		}
		if strings.HasSuffix(d.Name, "_nats") != strings.HasPrefix(d.Unit, "nats") {
			t.Errorf("%q has unit %q: name and unit disagree on nats", d.Name, d.Unit)
		}
	}
}

// No entry shadows another: each is found under its own name and under those it
// stands for.
func TestDefineFindsTheEntryItself(t *testing.T) {
	for i, d := range dictionary {
		for _, name := range []string{d.Name, strings.Replace(d.Name, level, "id", 1),
			strings.Replace(d.Name, level, "accuracy", 1), strings.Replace(d.Name, level, "x-2",
				1)} {
			if found, ok := Define(name); !ok || found != d {
				t.Errorf("entry %d: %q finds %q, %v", i, name, found.Name, ok)
			}
		}
	}
}

func TestDefineFindsNothingElse(t *testing.T) {
	names := []string{"", "eval", "eval/", "eval/accuracy", "eval//accuracy", "accuracy", "eval/id",
		"eval/id/", "eval/id/accuracyx", "xeval/id/accuracy",
		"eval/id/ood/accuracy", "eval/id//accuracy", "train", "train/", "train/id/loss_nats",
		"train/loss", "LEVEL", "eval/id/loss_nats", "train/accuracy"}
	for _, d := range dictionary {
		filled := strings.Replace(d.Name, level, "id", 1)
		names = append(names, filled+"x", "x"+filled, filled+"/", "/"+filled, filled[1:])
		if short := filled[:len(filled)-1]; short != "eval/id/pass_at_1" { // of 16
			names = append(names, short)
		}
	}
	for _, name := range names {
		if d, ok := Define(name); ok {
			t.Errorf("%q is defined by %q", name, d.Name)
		}
	}
}

// Newcombe 1998, Two-sided confidence intervals for the single proportion, table
// I, method 3.
func TestWilsonAgainstPublishedValues(t *testing.T) {
	for _, c := range []struct {
		right, n  float64
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0, 0.1611},
		{1, 29, 0.0061, 0.1718},
	} {
		low, high := Wilson(c.right/c.n, int(c.n))
		// the table has four digits
		if math.Abs(low-c.low) > 0.00005 || math.Abs(high-c.high) > 0.00005 {
			t.Errorf("%v of %v: %.4f to %.4f, want %.4f to %.4f", c.right, c.n, low, high, c.low,
				c.high)
		}
	}
	if low, high := Wilson(0.3, 0); low != 0 || high != 1 {
		t.Errorf("no trials: %v to %v, want 0 to 1", low, high)
	}
}

func TestWilsonProperties(t *testing.T) {
	const ulps = 1e-14 // float64 rounding of numbers of size 1, a dozen operations deep
	for i := range uint64(5000) {
		r := num.NewRand(i, "test", "wilson")
		n := 1 + r.IntN(1000)
		right := r.IntN(n + 1)
		share := float64(right) / float64(n)
		low, high := Wilson(share, n)
		if !(low >= 0 && low <= share+ulps && share <= high+ulps && high <= 1) {
			t.Fatalf("%d of %d: %v to %v does not contain %v within 0 and 1", right, n, low, high,
				share)
		}
		// The ends are the shares p from which the observed one is 1.96 standard
		// deviations sqrt(p(1-p)/n) away.
		for _, end := range []float64{low, high} {
			distance := math.Abs(share - end)
			// the root of a rounding error of 1e-16 near 0 or 1
			if want := z95 * math.Sqrt(end*(1-end)/float64(n)); math.Abs(distance-want) > 2e-8 {
				t.Fatalf("%d of %d: end %v is %v away, want %v", right, n, end, distance, want)
			}
		}
		mirrorLow, mirrorHigh := Wilson(1-share, n)
		if math.Abs(mirrorLow-(1-high)) > ulps || math.Abs(mirrorHigh-(1-low)) > ulps {
			t.Fatalf("%d of %d: %v to %v, of the wrong ones %v to %v", right, n, low, high,
				mirrorLow, mirrorHigh)
		}
		if moreLow, moreHigh := Wilson(share, 2*n); moreHigh-moreLow >= high-low {
			t.Fatalf("%d of %d: %v wide, and %v wide for twice as many", right, n, high-low,
				moreHigh-moreLow)
		}
	}
}
