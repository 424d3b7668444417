package stats

import (
	"errors"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"
)

// The example of rliable's own tests (tests/rliable/metrics_test.py), where it is by runs and then
// tasks: interquartile means of 1.5 and 2, and a probability of improvement of 1/3.
func TestAggregatesAreThoseOfRliable(t *testing.T) {
	x := Tasks{{1, 2, 1, 2}, {2, 2, 1, 1}}
	y := Tasks{{1, 2, 3}, {1, 2, 3}}
	near(t, "the interquartile mean of x", InterquartileMean(slices.Concat(x...)), 1.5)
	near(t, "the interquartile mean of y", InterquartileMean(slices.Concat(y...)), 2)
	e, err := x.ImprovementOver(y, Options{Fewest: 3})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "the improvement", e.Value, 1./3)
	e, err = x.InterquartileMean(Options{Fewest: 3})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "the estimate", e.Value, 1.5)
}

func TestInterquartileMean(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{3}, 3}, {[]float64{9, 1, 2}, 4}, {[]float64{100, 2, 4, -7}, 3},
		{[]float64{5, 1, 2, 3, 4}, 3}, {[]float64{8, 7, 6, 5, 4, 3, 2, 100}, 5.5},
	} {
		before := slices.Clone(c.values)
		near(t, "the interquartile mean", InterquartileMean(c.values), c.want)
		if !slices.Equal(before, c.values) {
			t.Errorf("%v has been changed to %v", before, c.values)
		}
	}
}

// Without trimming, the variance of a stratified bootstrap is known: the sum over tasks of the
// squared weight times the variance of a mean of resamples.
func TestStratifiedVariance(t *testing.T) {
	x := Tasks{{1, 2, 4, 8}, {3, 3, 5, 9, 1, 2}}
	e, err := stratified(Options{Fewest: 4, Resamples: 50000}, x, func(draw Tasks) float64 {
		return stat.Mean(draw[0], nil) + 2*stat.Mean(draw[1], nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	variance := stat.PopVariance(x[0], nil)/4 + 4*stat.PopVariance(x[1], nil)/6
	want := variance * 4 / 3
	within(t, "the squared error", square(e.SE), want, .03*want)
}

func TestTasksWithTooFewRuns(t *testing.T) {
	for name, x := range map[string]Tasks{"none": nil, "four": {{1, 2, 3, 4}},
		"alike": {{1, 1, 1, 1, 1}}} {
		if _, err := x.InterquartileMean(Options{}); !errors.Is(err, ErrTooLittle) {
			t.Errorf("%s: %v, want %v", name, err, ErrTooLittle)
		}
	}
	if _, err := (Tasks{{1}}).ImprovementOver(Tasks{{1}, {2}}, Options{}); err == nil {
		t.Error("different tasks are compared")
	}
}
