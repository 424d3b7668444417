package stats

import (
	"errors"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/posttrain/posttrain/core/num"
)

// With prompts, the variance follows Cameron, Gelbach and Miller, "Robust inference with
// multiway clustering", 2011: clustered by base, plus clustered by prompt, less clustered by both,
// each with its own n/(n-1).
func TestVarianceOfMeanIsThatOfTwoClusterings(t *testing.T) {
	d := Design{4, 3, 6}
	s := world{bases: 1, seeds: 1, prompts: 2, basesPrompts: 1, scale: normal}.sample(d, 1)
	mean := stat.Mean(s.values, nil)
	clustered := func(of func(Score) string, freedom float64) float64 {
		var names []string
		sums := map[string]float64{}
		for _, one := range s.Scores() {
			names = append(names, of(one))
			sums[of(one)] += one.Value - mean
		}
		total := 0.0
		names = distinct(names)
		for _, name := range names {
			total += square(sums[name])
		}
		n := float64(len(names))
		return total / square(float64(d.scores())) * n / freedom
	}
	base := clustered(func(s Score) string { return s.Base }, 3)
	prompt := clustered(func(s Score) string { return s.Prompt }, 5)
	v := newAnova(s).varianceOfMean()
	near(t, "the part of bases", v.bases, base)
	// Both is what bases and prompts leave of a combination, which has 15 degrees of freedom.
	a := newAnova(s)
	near(t, "the part of prompts", v.prompts, prompt-a.ms[byBasePrompt]/float64(d.scores()))
}

// p and the interval say the same of every threshold, at every level.
func TestPAgreesWithTheInterval(t *testing.T) {
	unit := &Range{0, 1}
	samples := []Sample{
		world{centre: 1, bases: .5, prompts: 2}.sample(Design{6, 2, 30}, 1),
		world{centre: 1, bases: .5}.sample(Design{6, 2, 1}, 2),
		world{centre: 3, bases: .5}.sample(Design{3, 3, 30}, 3), // bounded
	}
	for i := range 300 {
		r := num.NewRand(uint64(i), "test/agree", "")
		s := samples[r.IntN(3)]
		o := Options{Level: 0.5 + 0.499*r.Float64(), Against: r.Float64(), Range: unit}
		if r.IntN(2) == 0 && s.Design().Bases >= 5 {
			o.Range = nil
		}
		e, err := s.Mean(o)
		if err != nil {
			t.Fatal(err)
		}
		tail := (1 - o.Level) / 2
		if (e.Low > o.Against) != (e.PAbove <= tail) || (e.High < o.Against) != (e.PBelow <= tail) {
			t.Errorf("%v with %+v: [%v, %v], p above %v, p below %v", s.Design(), o, e.Low, e.High,
				e.PAbove, e.PBelow)
		}
	}
}

func TestVarianceWithTwoParts(t *testing.T) {
	v := variance{2, 3, 4, 60}
	want := math.Sqrt(2*square(studentsT(4).Quantile(.975)) +
		3*square(studentsT(60).Quantile(.975)))
	near(t, "half of the interval", v.half(.025), want)
	near(t, "the tail", v.tail(want), .025)
	near(t, "the other tail", v.tail(-want), .975)
	near(t, "the middle", v.tail(0), .5)
	alone := variance{bases: 2, ofBases: 4}
	near(t, "the tail with one part", alone.tail(3), studentsT(4).Survival(3/math.Sqrt(2)))
	near(t, "an infinite distance", v.tail(math.Inf(1)), 0)
	for _, distance := range []float64{1e-9, 1, 10, 100, 1e4, 1e9, 1e80} {
		p := v.tail(distance)
		if !(p >= 0 && p <= .5) || p > 1e-200 && math.Abs(v.half(p)-distance) > 1e-8*(1+distance) {
			t.Errorf("the tail at %v is %v, whose half is %v", distance, p, v.half(p))
		}
	}
}

func TestLinks(t *testing.T) {
	for name, l := range map[string]link{"identity": identity(), "logarithm": logarithm(),
		"log odds": logOdds(Range{-1, 2}), "cut": cut(Range{-1, 2})} {
		for _, x := range []float64{.1, .5, 1.7} {
			near(t, name, l.from(l.to(x)), x)
			const step = 1e-6
			within(t, "the slope of "+name, l.slope(x), (l.to(x+step)-l.to(x-step))/(2*step), 1e-6)
		}
	}
	near(t, "a cut end", cut(Range{0, 1}).from(1.5), 1)
	if e := logOdds(Range{0, 1}); !math.IsInf(e.to(-1), -1) || !math.IsInf(e.to(2), 1) {
		t.Error("log odds outside of the range are finite")
	}
}

func TestIntervalsStayInTheRange(t *testing.T) {
	s := world{centre: 4, bases: 1}.sample(Design{5, 1, 64}, 1)
	e, err := s.Mean(Options{Range: &Range{0, 1}})
	if err != nil {
		t.Fatal(err)
	}
	if e.Method != Student || e.High >= 1 || e.High-e.Value >= e.Value-e.Low {
		t.Errorf("%+v: want an interval by t that is longer on the side away from 1", e)
	}
}

func TestFewBasesHaveWideIntervalsOrNone(t *testing.T) {
	unit := &Range{0, 1}
	for _, c := range []struct {
		name   string
		values []float64
		o      Options
		method Method // "" if an error is wanted
	}{
		{"five", []float64{.1, .2, .3, .4, .6}, Options{}, Student},
		{"four", []float64{.1, .2, .3, .4}, Options{}, ""},
		{"four with bounds", []float64{.1, .2, .3, .4}, Options{Range: unit}, Bounded},
		{"three that are relied on", []float64{.1, .2, .3}, Options{Fewest: 3}, Student},
		{"five alike", []float64{1, 1, 1, 1, 1}, Options{}, ""},
		{"five alike with bounds", []float64{1, 1, 1, 1, 1}, Options{Range: unit}, Bounded},
		{"one", []float64{.5}, Options{Fewest: 1}, ""},
		{"one with bounds", []float64{.5}, Options{Range: unit}, Bounded},
	} {
		e, err := ofBases(c.values...).Mean(c.o)
		switch {
		case c.method == "" && !errors.Is(err, ErrTooLittle):
			t.Errorf("%s: %+v, %v, want %v", c.name, e, err, ErrTooLittle)
		case c.method != "" && (err != nil || e.Method != c.method):
			t.Errorf("%s: %+v, %v, want %s", c.name, e, err, c.method)
		}
	}
	// What is bounded contains what t says.
	values := ofBases(.2, .5, .9)
	wide, err := values.Mean(Options{Range: unit})
	if err != nil {
		t.Fatal(err)
	}
	by, err := values.Mean(Options{Range: unit, Fewest: 2})
	if err != nil {
		t.Fatal(err)
	}
	if wide.Low > by.Low || wide.High < by.High || wide.P < by.P {
		t.Errorf("%+v does not contain %+v", wide, by)
	}
}

// A difference that is the same everywhere is so whatever its rounding.
func TestRoundingIsNoSpread(t *testing.T) {
	first, second := blank(Design{5, 2, 2}), blank(Design{5, 2, 2})
	for i := range first.values {
		second.values[i] = float64(i) / 17
		first.values[i] = second.values[i] + .1
	}
	for name, p := range map[string]Pair{"shifted": {first, second}, "equal": {second, second}} {
		if _, err := p.Difference(Options{}); !errors.Is(err, ErrTooLittle) {
			t.Errorf("%s: %v, want %v", name, err, ErrTooLittle)
		}
		if _, err := p.Effect(Options{}); !errors.Is(err, ErrTooLittle) {
			t.Errorf("%s: the effect: %v, want %v", name, err, ErrTooLittle)
		}
		d := p.Differences()
		_, err := d.Design().Bootstrap(Options{}, func(draw Draw) float64 { return draw.Mean(d) })
		if !errors.Is(err, ErrTooLittle) {
			t.Errorf("%s: the bootstrap: %v, want %v", name, err, ErrTooLittle)
		}
	}
	for i, v := range second.values {
		first.values[i] = 1.1 * v
	}
	if _, err := (Pair{first, second}).Ratio(Options{}); !errors.Is(err, ErrTooLittle) {
		t.Errorf("the ratio: %v, want %v", err, ErrTooLittle)
	}
}

// For values of 0 and 1 the interval is Clopper's and Pearson's, by quantiles of beta
// distributions.
func TestBoundedMeanIsClopperPearson(t *testing.T) {
	for ones := range 8 {
		values := make([]float64, 7)
		for i := range ones {
			values[i] = 1
		}
		e, err := ofBases(values...).BoundedMean(Options{Range: &Range{0, 1}})
		if err != nil {
			t.Fatal(err)
		}
		low, high := 0.0, 1.0
		k := float64(ones)
		if ones > 0 {
			low = distuv.Beta{Alpha: k, Beta: 8 - k}.Quantile(.025)
		}
		if ones < 7 {
			high = distuv.Beta{Alpha: k + 1, Beta: 7 - k}.Quantile(.975)
		}
		within(t, "the lower end", e.Low, low, .02)
		within(t, "the upper end", e.High, high, .02)
	}
}

func TestBoundedMeanNeedsItsBounds(t *testing.T) {
	if _, err := ofBases(.1, .2).BoundedMean(Options{}); !errors.Is(err, ErrTooLittle) {
		t.Errorf("no bounds: %v", err)
	}
	if _, err := ofBases(.1, 1.2).BoundedMean(Options{Range: &Range{0, 1}}); err == nil {
		t.Error("a mean above the range is accepted")
	}
	// In other units it is the same interval.
	a, _ := ofBases(.1, .2, .7).BoundedMean(Options{Range: &Range{0, 1}})
	b, _ := ofBases(-.8, -.6, .4).BoundedMean(Options{Range: &Range{-1, 1}})
	near(t, "the scaled lower end", b.Low, 2*a.Low-1)
	near(t, "the scaled upper end", b.High, 2*a.High-1)
}

func TestDrawsAreCounted(t *testing.T) {
	d := sorted{1, 2, 2, 3, 4, 5, 6, 7, 8} // with the observed value 10
	near(t, "at most 2", d.atMost(2), .4)
	near(t, "at most 0", d.atMost(0), .1)
	near(t, "at least 2", d.atLeast(2), .9)
	near(t, "at least 9", d.atLeast(9), .1)
	near(t, "lower", d.lower(.2), 2)
	near(t, "upper", d.upper(.2), 7)
	for i := range 100 {
		x, tail := float64(i%10)-.5, .1+float64(i)/250
		if (d.lower(tail) > x) != (d.atMost(x) <= tail) ||
			(d.upper(tail) < x) != (d.atLeast(x) <= tail) {
			t.Errorf("the ends at %v and the shares at %v do not agree", tail, x)
		}
	}
}

func TestEstimatesAreReproducible(t *testing.T) {
	s := world{centre: 1, bases: .5}.sample(Design{3, 2, 10}, 1)
	estimate := func(seed uint64) Estimate {
		e, err := s.Mean(Options{Range: &Range{0, 1}, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	if estimate(1) != estimate(1) {
		t.Error("one seed gives two estimates")
	}
	if estimate(1) == estimate(2) {
		t.Error("the seed has no effect")
	}
	before := slices.Clone(s.values)
	if estimate(3); !slices.Equal(before, s.values) {
		t.Error("the sample has changed")
	}
}
