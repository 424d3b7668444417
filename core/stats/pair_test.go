package stats

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

// grid returns a sample whose score is a sum over its base, seed and prompt, so that every paired
// difference of two grids is the same.
func grid(t *testing.T, shift float64, bases, prompts string, seeds ...uint64) Sample {
	t.Helper()
	var scores []Score
	for _, base := range strings.Fields(bases) {
		for _, seed := range seeds {
			for _, prompt := range strings.Split(prompts, " ") {
				v := shift + float64(base[0]) + 100*float64(seed)
				if prompt != "" {
					v += 10000 * float64(prompt[0])
				}
				scores = append(scores, Score{base, seed, prompt, v})
			}
		}
	}
	s, err := NewSample(scores)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLanesArePairedAsFarAsTheyShare(t *testing.T) {
	for _, c := range []struct {
		name          string
		first, second Sample
		want          Design
	}{
		{"all", grid(t, 2, "a b", "x y", 1, 2), grid(t, 0, "a b", "x y", 1, 2), Design{2, 2, 2}},
		{"some", grid(t, 2, "a b c", "x y z", 1, 2, 3), grid(t, 0, "b c d", "w y z", 2, 3, 4),
			Design{2, 2, 2}},
		{"one run metric", grid(t, 2, "a b", "", 1, 2), grid(t, 0, "a b", "", 2, 3),
			Design{2, 1, 1}},
	} {
		p, err := NewPair(c.first, c.second)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := p.Differences().Design(); got != c.want {
			t.Errorf("%s: paired as %v, want %v", c.name, got, c.want)
		}
		if d := p.Differences().values; slices.Min(d) != 2 || slices.Max(d) != 2 {
			t.Errorf("%s: differences %v, want 2", c.name, d)
		}
	}
}

func TestLanesWithoutCommonPromptsOrSeeds(t *testing.T) {
	p, err := NewPair(grid(t, 0, "a b", "v w", 1, 2), grid(t, 0, "a b", "x y z", 1, 2))
	if err != nil || p.First.Design() != (Design{2, 2, 1}) {
		t.Errorf("other prompts: %v, %v, want 2x2x1", p.First.Design(), err)
	}
	p, err = NewPair(grid(t, 0, "a b", "x y", 1, 2), grid(t, 0, "a b", "x y", 3, 4))
	if err != nil || p.First.Design() != (Design{2, 1, 2}) {
		t.Errorf("other seeds: %v, %v, want 2x1x2", p.First.Design(), err)
	}
	if d := p.Differences().values; slices.Min(d) != -200 || slices.Max(d) != -200 {
		t.Errorf("other seeds: differences %v, want -200", d)
	}
	_, err = NewPair(grid(t, 0, "a b", "x", 1), grid(t, 0, "c", "x", 1))
	if err == nil || !strings.Contains(err.Error(), "one lane has a, b, the other c") {
		t.Errorf("other bases: %v", err)
	}
}

// sleep is the effect of two drugs on the hours of sleep of ten people (Student, "The probable
// error of a mean", 1908). R's t.test(paired = TRUE) gives a difference of 1.58 with the interval
// [0.7001142, 2.4598858] and p = 0.002833.
func sleep() Pair {
	return Pair{ofBases(1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4),
		ofBases(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2)}
}

func TestDifferenceIsStudents(t *testing.T) {
	e, err := sleep().Difference(Options{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "the difference", e.Value, 1.58)
	within(t, "the lower end", e.Low, 0.7001142, 5e-8)
	within(t, "the upper end", e.High, 2.4598858, 5e-8)
	within(t, "p", e.P, 0.002833, 5e-7)
	near(t, "the one-sided p", e.PAbove, e.P/2)
}

func TestRatio(t *testing.T) {
	p := world{centre: 1, bases: .5, seeds: .3}.pair(world{}, Design{6, 2, 20}, 1)
	e, err := p.Ratio(Options{})
	if err != nil {
		t.Fatal(err)
	}
	mean := func(s Sample) float64 { a := newAnova(s); return a.mean }
	near(t, "the ratio", e.Value, mean(p.First)/mean(p.Second))
	if e.Low <= 0 || !(e.Low < e.Value && e.Value < e.High) {
		t.Errorf("the interval is [%v, %v] around %v", e.Low, e.High, e.Value)
	}
	// For small relative errors the variance of a logarithm is that of the difference of both.
	for i := range p.First.values {
		p.First.values[i] = 1000 + p.First.values[i]
		p.Second.values[i] = 1000 + p.Second.values[i]
	}
	r, err := p.Ratio(Options{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.Difference(Options{})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "1000 times the interval of a ratio", 1000*math.Log(r.High/r.Low), d.High-d.Low,
		0.01*(d.High-d.Low))
	within(t, "p of a ratio", r.P, d.P, 0.001)
}

func TestRatiosThatCannotBe(t *testing.T) {
	positive, negative := ofBases(1, 2, 3, 4, 5), ofBases(-1, -2, -3, -4, -5)
	if _, err := (Pair{positive, negative}).Ratio(Options{}); err == nil {
		t.Error("a negative mean is accepted")
	}
	if _, err := (Pair{positive, positive}).Ratio(Options{Against: -1}); err == nil {
		t.Error("a negative threshold is accepted")
	}
	_, err := Pair{positive, positive}.Ratio(Options{})
	if !errors.Is(err, ErrTooLittle) {
		t.Errorf("the same lane twice: %v, want %v", err, ErrTooLittle)
	}
	_, err = Pair{ofBases(1, 2, 3), ofBases(2, 2, 2)}.Ratio(Options{Range: &Range{0, 5}})
	if !errors.Is(err, ErrTooLittle) {
		t.Errorf("three bases: %v, want %v", err, ErrTooLittle)
	}
}

func TestImprovement(t *testing.T) {
	first, second := blank(Design{5, 2, 1}), blank(Design{5, 2, 1})
	copy(first.values, []float64{1, 2, 1, 2, 1, 2, 1, 2, 1, 2})
	copy(second.values, []float64{0, 0, 1, 2, 3, 3, 1, 1, 0, 3})
	e, err := Pair{first, second}.Improvement(Options{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "the improvement", e.Value, (1+.5+0+.75+.5)/5)
	if e.P < .5 || e.Method != Bootstrap {
		t.Errorf("%+v: want a large p by the bootstrap", e)
	}
	for i := range second.values {
		second.values[i] = 0
	}
	e, err = Pair{first, second}.Improvement(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if e.Value != 1 || e.Method != Bounded || e.Low < .45 || e.Low > .5 || e.P > .07 {
		t.Errorf("%+v: want 1 with a bounded interval", e)
	}
}
