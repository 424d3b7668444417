package stats

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat"
)

// The mean has a variance in closed form, so that resampling can be compared with it.
func TestBootstrapOfTheMeanIsItsVariance(t *testing.T) {
	for _, c := range []struct {
		w world
		d Design
	}{
		{world{bases: 1, seeds: 1, scale: normal}, Design{5, 3, 1}},
		{world{bases: .3, seeds: .3, prompts: 2, scale: normal}, Design{8, 2, 30}},
		{world{bases: .3, prompts: 1, basesPrompts: 1, scale: normal}, Design{10, 2, 20}},
	} {
		s := c.w.sample(c.d, 2)
		o := Options{Resamples: 20000}
		want := newAnova(s).varianceOfMean()
		got := c.d.resampled(o.withDefaults(), func(d Draw) float64 { return d.Mean(s) })
		within(t, "the part of bases", got.bases, want.bases, .05*want.bases)
		// Resampled prompts lack a factor of (n-1)/n, and the part is a difference.
		within(t, "the part of prompts", got.prompts, want.prompts, .15*(want.prompts+want.bases))
	}
}

func TestBootstrap(t *testing.T) {
	s := world{bases: 1, seeds: 1, scale: normal}.sample(Design{6, 3, 4}, 1)
	statistic := func(d Draw) float64 { return stat.Mean(d.RunMeans(s), nil) - 2*d.Mean(s) }
	e, err := s.Design().Bootstrap(Options{}, statistic)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "the value", e.Value, -stat.Mean(s.values, nil))
	if e.Method != Bootstrap || e.Design != s.Design() || !(e.Low < e.Value && e.Value < e.High) {
		t.Errorf("%+v", e)
	}
	again, err := s.Design().Bootstrap(Options{}, statistic)
	if err != nil || again != e {
		t.Errorf("the same bootstrap gives %+v and %+v, %v", e, again, err)
	}
}

func TestBootstrapOfTooLittle(t *testing.T) {
	for name, s := range map[string]Sample{"four bases": ofBases(1, 2, 3, 4),
		"no spread": ofBases(1, 1, 1, 1, 1)} {
		_, err := s.Design().Bootstrap(Options{Range: &Range{0, 5}},
			func(d Draw) float64 { return d.Mean(s) })
		if !errors.Is(err, ErrTooLittle) {
			t.Errorf("%s: %v, want %v", name, err, ErrTooLittle)
		}
	}
}

// A statistic at the bound of its range has no log odds. Its interval ends at the bound.
func TestBootstrapAtTheBound(t *testing.T) {
	s := ofBases(.7, 1, 1, 1, 1, 1)
	e, err := s.Design().Bootstrap(Options{Range: &Range{0, 1}}, func(d Draw) float64 {
		return InterquartileMean(d.RunMeans(s))
	})
	if err != nil {
		t.Fatal(err)
	}
	if e.Value != 1 || e.High != 1 || e.Low >= 1 || math.IsNaN(e.Low) {
		t.Errorf("%+v: want an interval that ends at 1", e)
	}
}
