package stats

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/posttrain/posttrain/core/num"
)

func TestSuperiority(t *testing.T) {
	x, y := []float64{1, 2, 3}, []float64{2, 2, 0, 5}
	// 1 beats 0; 2 beats 0 and ties twice; 3 beats 2, 2 and 0.
	near(t, "the superiority", Superiority(x, y), (1+1+1+3)/12.)
	near(t, "Cliff's delta", CliffsDelta(x, y), 2*6/12.-1)
	near(t, "Cliff's delta the other way", CliffsDelta(y, x), -CliffsDelta(x, y))
	near(t, "the superiority over itself", Superiority(x, x), .5)
}

// Hedges' exact factor by its approximation 1 - 3/(4df - 1), which is close (Hedges,
// "Distribution theory for Glass's estimator of effect size", 1981).
func TestHedgesFactor(t *testing.T) {
	for _, df := range []float64{4, 9, 20, 100} {
		within(t, "the factor", hedges(df), 1-3/(4*df-1), .04/(df*df))
	}
	near(t, "the factor for 2", hedges(2), 1/math.Sqrt(math.Pi))
}

func TestEffectOfSleep(t *testing.T) {
	e, err := sleep().Effect(Options{})
	if err != nil {
		t.Fatal(err)
	}
	const d = 1.58 / 1.229995 // mean and standard deviation of the differences
	within(t, "g", e.Value, d*hedges(9), 1e-5)
	// The ends are those true values for which the observed one is at a quantile.
	low := distuv.NoncentralT{Nu: 9, Mu: e.Low * math.Sqrt(10)}
	high := distuv.NoncentralT{Nu: 9, Mu: e.High * math.Sqrt(10)}
	within(t, "the probability at the lower end", low.CDF(d*math.Sqrt(10)), .975, 1e-6)
	within(t, "the probability at the upper end", high.CDF(d*math.Sqrt(10)), .025, 1e-6)
}

func TestEffectIsUnbiasedAndCovered(t *testing.T) {
	const studies, truth = 1000, .8
	sum, covered := 0.0, 0
	for i := range studies {
		r := num.NewRand(uint64(i), "test/effect", "")
		p := Pair{ofBases(0, 0, 0, 0, 0), ofBases(0, 0, 0, 0, 0)}
		for k := range p.First.values {
			p.First.values[k] = truth + r.Norm()
		}
		e, err := p.Effect(Options{})
		if err != nil {
			t.Fatal(err)
		}
		sum += e.Value / studies
		if e.Low <= truth && truth <= e.High {
			covered++
		}
	}
	within(t, "the mean effect", sum, truth, .1)
	covers(t, "the effect", covered, studies)
}

func TestEffectOfTooLittle(t *testing.T) {
	zero := ofBases(0, 0, 0)
	for name, s := range map[string]Sample{"two bases": ofBases(1, 2),
		"no spread": ofBases(1, 1, 1)} {
		p, err := NewPair(s, zero)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Effect(Options{}); !errors.Is(err, ErrTooLittle) {
			t.Errorf("%s: %v, want %v", name, err, ErrTooLittle)
		}
	}
}
