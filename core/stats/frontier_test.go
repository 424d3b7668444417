package stats

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
)

func TestFrontierHasWhatNothingBeats(t *testing.T) {
	for i := range 100 {
		r := num.NewRand(uint64(i), "test/frontier", "")
		all := make([]Outcome, 1+r.IntN(10))
		for k := range all {
			all[k] = Outcome{float64(r.IntN(6)), float64(r.IntN(6))}
		}
		var want []Outcome
		for _, one := range all {
			beaten := slices.ContainsFunc(all, func(o Outcome) bool {
				return o.New >= one.New && o.Kept >= one.Kept && o != one
			})
			if !beaten && !slices.Contains(want, one) {
				want = append(want, one)
			}
		}
		slices.SortFunc(want, func(a, b Outcome) int { return int(a.New - b.New) })
		if got := Frontier(all); !slices.Equal(got, want) {
			t.Fatalf("the frontier of %v is %v, want %v", all, got, want)
		}
	}
}

func TestKeptAt(t *testing.T) {
	frontier := []Outcome{{.2, .9}, {.6, .7}, {.8, .1}}
	for _, c := range []struct{ skill, want float64 }{{0, .9}, {.2, .9}, {.4, .8}, {.6, .7},
		{.7, .4}, {.8, .1}} {
		kept, ok := KeptAt(frontier, c.skill)
		if near(t, "what is kept", kept, c.want); !ok {
			t.Errorf("%v is not reached", c.skill)
		}
	}
	if _, ok := KeptAt(frontier, .81); ok {
		t.Error("0.81 is reached")
	}
}

// The mean by the rule of rectangles with a hundred thousand of them.
func TestMeanKept(t *testing.T) {
	frontier := []Outcome{{.2, .9}, {.6, .7}, {.8, .1}}
	for _, c := range []struct{ from, to float64 }{{0, 1}, {.1, .7}, {.25, .3}, {.7, .9}} {
		sum := 0.0
		const n = 100000
		for i := range n {
			kept, ok := KeptAt(frontier, c.from+(c.to-c.from)*(float64(i)+.5)/n)
			if !ok {
				kept = -.5
			}
			sum += kept / n
		}
		within(t, "the mean", MeanKept(frontier, c.from, c.to, -.5), sum, 1e-4)
	}
}

// sweep makes five settings, of which more new skill keeps less. All of its scores have errors of a
// given size, from base to base and from run to run.
func sweep(d Design, lost, errors float64, seed uint64) Sweep {
	var settings []Setting
	r := num.NewRand(seed, "test/sweep", strconv.FormatFloat(lost, 'g', -1, 64))
	bases := make([]float64, 2*d.Bases)
	for b := range bases {
		bases[b] = r.Norm()
	}
	for k := range 5 {
		x := float64(k) / 4
		gained, kept := blank(d), blank(d)
		for i := range gained.values {
			b := i / (d.Seeds * d.Prompts)
			gained.values[i] = .3 + .6*x + errors*(bases[b]+r.Norm())
			kept.values[i] = .95 - lost - .5*x*x + errors*(bases[d.Bases+b]+r.Norm())
		}
		settings = append(settings, Setting{strconv.Itoa(k), gained, kept})
	}
	s, err := NewSweep(settings)
	if err != nil {
		panic(err)
	}
	return s
}

func TestSweep(t *testing.T) {
	d := Design{5, 2, 3}
	s, other := sweep(d, 0, .02, 1), sweep(d, .1, .02, 1)
	for name, estimate := range map[string]func() (Estimate, error){
		"kept":       func() (Estimate, error) { return s.KeptAt(.75, Options{}) },
		"mean":       func() (Estimate, error) { return s.MeanKept(.4, .8, Options{}) },
		"above":      func() (Estimate, error) { return s.KeptAbove(other, .75, Options{}) },
		"mean above": func() (Estimate, error) { return s.MeanKeptAbove(other, .4, .8, Options{}) },
	} {
		exact := map[string]float64{"kept": .95 - .28125, "mean": .95 - 0.1435, "above": .1,
			"mean above": .1}
		e, err := estimate()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		within(t, name, e.Value, exact[name], .05)
		if e.Method != Bootstrap || e.Low >= e.Value || e.High <= e.Value {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if n := len(s.Frontier()); n < 3 {
		t.Errorf("the frontier has %d outcomes", n)
	}
}

func TestSweepsThatCannotBe(t *testing.T) {
	d := Design{5, 2, 1}
	one := Setting{"a", blank(d), blank(d)}
	if _, err := NewSweep(nil); err == nil {
		t.Error("a sweep without settings is accepted")
	}
	_, err := NewSweep([]Setting{one, {"b", blank(d), blank(Design{5, 3, 1})}})
	if err == nil || !strings.Contains(err.Error(), `setting "b" was run on other bases or seeds`) {
		t.Errorf("other seeds: %v", err)
	}
	a, b := sweep(d, 0, .1, 1), sweep(Design{4, 2, 1}, 0, .1, 1)
	if _, err := a.KeptAbove(b, .5, Options{}); err == nil {
		t.Error("sweeps on different bases are compared")
	}
	for _, err := range []error{second(a.KeptAt(.99, Options{})),
		second(a.KeptAbove(a, .99, Options{}))} {
		if err == nil || !strings.Contains(err.Error(), "no setting reaches a new skill of 0.99") {
			t.Errorf("a skill that is not reached: %v", err)
		}
	}
	if _, err := b.KeptAt(.5, Options{}); !errors.Is(err, ErrTooLittle) {
		t.Errorf("four bases: %v, want %v", err, ErrTooLittle)
	}
}

func second(_ Estimate, err error) error { return err }
