package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/posttrain/posttrain/core/num"
)

// Plan is a planned comparison: what is expected and what is to be measured. With one prompt, or a
// metric that is one number for each run, prompts are taken as they are, and Variances.Prompts does
// not matter.
type Plan struct {
	Design
	Variances  Variances // of the paired differences, such as a pilot's [Sample.Components]
	Difference float64   // the true mean difference, less the threshold that it is tested against
	Level      float64   // of the interval that is to lie above the threshold; 0 means 0.95
}

// Power returns the probability that the interval of [Sample.Mean] will lie above the threshold, by
// the noncentral t-distribution. It is exact for normal effects if prompts have no variance of
// their own. One base has no power.
func (p Plan) Power() float64 {
	if p.Bases < 2 {
		return 0
	}
	v := p.variance()
	level := Options{Level: p.Level}.withDefaults().Level
	// The degrees of freedom of the sum of both variances (Satterthwaite 1946).
	df := square(v.bases+v.prompts) / (square(v.bases)/v.ofBases + v.ofPromptsError())
	t := distuv.NoncentralT{Nu: df, Mu: p.Difference / v.sqrt()}
	return 1 - t.CDF(v.half((1-level)/2)/v.sqrt())
}

// ofPromptsError returns the part of prompts in Satterthwaite's formula.
func (v variance) ofPromptsError() float64 {
	if v.prompts == 0 {
		return 0
	}
	return square(v.prompts) / v.ofPrompts
}

// variance returns the expected variance of the mean difference.
func (p Plan) variance() variance {
	b, s, n := float64(p.Bases), float64(p.Seeds), float64(p.Prompts)
	v, df := p.Variances, p.freedom()
	ofBases := v.Bases + v.Seeds/s + v.BasesPrompts/n + v.Rest/(s*n)
	return variance{ofBases / b, p.ofPrompts() / n, df[byBase], df[byPrompt]}
}

// ofPrompts returns the variance between prompts that the comparison has to allow for.
func (p Plan) ofPrompts() float64 {
	if p.Prompts == 1 {
		return 0
	}
	return p.Variances.Prompts
}

// SimulatedPower is Power by simulation: the share of simulated comparisons with normal effects in
// which the interval lies above the threshold.
func (p Plan) SimulatedPower(simulations int, seed uint64) float64 {
	above := 0
	o := Options{Level: p.Level, Fewest: 2}
	for i := range simulations {
		e, err := p.simulate(seed, uint64(i)).Mean(o)
		if err == nil && e.Low > 0 {
			above++
		}
	}
	return float64(above) / float64(simulations)
}

// simulate returns differences with normal effects.
func (p Plan) simulate(seed, i uint64) Sample {
	r := num.NewRand(seed, "stats/power", "", i)
	normal := func(variance float64) float64 { return math.Sqrt(variance) * r.Norm() }
	s := Sample{make([]string, p.Bases), make([]string, p.Prompts), make([]uint64, p.Seeds), nil}
	prompts, ofBase := make([]float64, p.Prompts), make([]float64, p.Prompts)
	for k := range prompts {
		prompts[k] = p.Difference + normal(p.ofPrompts())
	}
	for range p.Bases {
		base := normal(p.Variances.Bases)
		for k := range ofBase {
			ofBase[k] = base + prompts[k] + normal(p.Variances.BasesPrompts)
		}
		for range p.Seeds {
			run := normal(p.Variances.Seeds)
			for k := range ofBase {
				s.values = append(s.values, ofBase[k]+run+normal(p.Variances.Rest))
			}
		}
	}
	return s
}

// BasesFor returns the smallest number of bases, from 2 to most, with which the plan has at least
// the given power. ok is false if most are too few.
func (p Plan) BasesFor(power float64, most int) (bases int, ok bool) {
	for p.Bases = 2; p.Bases <= most; p.Bases++ {
		if p.Power() >= power {
			return p.Bases, true
		}
	}
	return 0, false
}
