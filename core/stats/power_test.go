package stats

import (
	"math"
	"testing"
)

// R's power.t.test and pwr.t.test: a standardised paired difference of 0.5 needs 33.4 pairs for a
// power of 0.8 at a two-sided level of 0.05.
func TestPowerOfAPublishedExample(t *testing.T) {
	p := Plan{Design: Design{34, 1, 1}, Variances: Variances{Bases: 1}, Difference: .5}
	within(t, "the power with 34", p.Power(), .8078, .0001)
	if n, ok := p.BasesFor(.8, 100); n != 34 || !ok {
		t.Errorf("a power of 0.8 needs %d bases, %v, want 34", n, ok)
	}
	if n, ok := p.BasesFor(.8, 33); ok {
		t.Errorf("33 bases are enough, %d", n)
	}
	p.Bases = 1
	near(t, "the power with one base", p.Power(), 0)
}

func TestPowerIsThatOfSimulations(t *testing.T) {
	for _, d := range []Design{{5, 3, 16}, {5, 5, 16}, {3, 3, 16}, {10, 2, 16}, {5, 3, 1}} {
		for _, v := range []Variances{{.01, .01, 0, 0, .05}, {.01, .01, .03, .02, .05}} {
			p := Plan{Design: d, Variances: v, Difference: .15}
			const n = 1000
			by := p.SimulatedPower(n, 1)
			computed := p.Power()
			// With prompts, the formula is an approximation.
			tolerance := 4*math.Sqrt(computed*(1-computed)/n) + .01
			within(t, "the power of "+d.String(), computed, by, tolerance)
		}
	}
}

func TestPlanOfAPilot(t *testing.T) {
	w := world{bases: .5, seeds: .4, prompts: .3, basesPrompts: .2, scale: normal}
	pilot := w.sample(Design{40, 3, 20}, 1).Components(Options{Resamples: 20}).Variances()
	p := Plan{Design: Design{5, 3, 20}, Variances: pilot}
	expected := p.variance()
	total := 0.0
	for i := range 300 {
		v := newAnova(w.sample(p.Design, uint64(i))).varianceOfMean()
		total += v.bases / 300
	}
	within(t, "the expected variance", expected.bases, total, .3*total)
}
