package stats

import (
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/posttrain/posttrain/core/num"
)

// Variances has the variance that each source adds to a score.
type Variances struct {
	Bases        float64 // between bases
	Seeds        float64 // between seeds on one base
	Prompts      float64 // between prompts, alike on all bases
	BasesPrompts float64 // between prompts, differently on each base
	Rest         float64 // between seeds of one base on one prompt
}

// Component is the estimated variance of one source, with intervals of the variance and of its
// share in the sum of all.
type Component struct {
	Variance, Low, High        float64
	Share, ShareLow, ShareHigh float64
}

// Components says where the variance of scores comes from. nil means that the design cannot tell:
// with one seed on each base the variance of seeds is in that of bases, with one prompt (or a
// metric that is one number for each run) that of prompts is in that of seeds, and with one base
// nothing is known of bases.
type Components struct {
	Bases, Seeds, Prompts, BasesPrompts, Rest *Component
}

// Variances returns the estimates, with 0 for what is not known.
func (c Components) Variances() (v Variances) {
	all := [...]*float64{&v.Bases, &v.Seeds, &v.Prompts, &v.BasesPrompts, &v.Rest}
	for i, one := range [...]*Component{c.Bases, c.Seeds, c.Prompts, c.BasesPrompts, c.Rest} {
		if one != nil {
			*all[i] = one.Variance
		}
	}
	return v
}

// Components estimates the components of variance from the mean squares of an analysis of variance.
// Estimates below 0 are 0. The intervals are generalised confidence intervals (Weerahandi,
// "Generalized confidence intervals", 1993): the sums of squares are divided by random numbers of
// their chi-squared distributions. They are exact for Rest and close to their level for the others
// if effects are normal.
func (s Sample) Components(o Options) Components {
	o = o.withDefaults()
	a := newAnova(s)
	values := a.components(a.ms)
	var draws [effects][]float64
	var shares [effects][]float64
	for i := range o.Resamples {
		drawn := a.components(a.drawMeanSquares(o.Seed, uint64(i)))
		for k, v := range drawn {
			draws[k] = append(draws[k], v)
			shares[k] = append(shares[k], share(drawn, k))
		}
	}
	tail := (1 - o.Level) / 2
	var all [effects]*Component
	for k := range all {
		if a.tells(k) {
			slices.Sort(draws[k])
			slices.Sort(shares[k])
			variances, shares := sorted(draws[k]), sorted(shares[k])
			all[k] = &Component{values[k], variances.lower(tail), variances.upper(tail),
				share(values, k), shares.lower(tail), shares.upper(tail)}
		}
	}
	return Components{all[byBase], all[bySeed], all[byPrompt], all[byBasePrompt], all[byRest]}
}

func share(of [effects]float64, k int) float64 {
	sum := 0.0
	for _, v := range of {
		sum += v
	}
	if sum == 0 {
		return 0
	}
	return of[k] / sum
}

// drawMeanSquares returns what the expected mean squares may be, given those observed.
func (a anova) drawMeanSquares(seed, i uint64) (ms [effects]float64) {
	r := num.NewRand(seed, "stats/components", "", i)
	for k, df := range a.df {
		if df > 0 {
			ms[k] = a.ms[k] * df / distuv.ChiSquared{K: df, Src: &r}.Rand()
		}
	}
	return ms
}

// tells reports whether the design has a variance of its own for an effect. In a design where
// several effects differ together, they are counted as the coarsest of them.
func (a anova) tells(effect int) bool { return a.df[effect] > 0 }

// components solves the expected mean squares of the design for the components. With E the rest and
// b, s and p the numbers of bases, seeds and prompts, these are
//
//	bases          E + s·BasesPrompts + p·Seeds + s·p·Bases
//	seeds          E + p·Seeds
//	prompts        E + s·BasesPrompts + b·s·Prompts
//	bases×prompts  E + s·BasesPrompts
//	rest           E
//
// The mean square of an effect that the design does not have is 0, and so is its component.
func (a anova) components(ms [effects]float64) (v [effects]float64) {
	b, s, p := float64(a.design.Bases), float64(a.design.Seeds), float64(a.design.Prompts)
	v[byBase] = (ms[byBase] - ms[bySeed] - ms[byBasePrompt] + ms[byRest]) / (s * p)
	v[bySeed] = (ms[bySeed] - ms[byRest]) / p
	// With one base, what differs between prompts on all bases cannot be told from the rest of it.
	noise := ms[byBasePrompt]
	if a.df[byBasePrompt] == 0 {
		noise = ms[byRest]
	}
	v[byPrompt] = (ms[byPrompt] - noise) / (b * s)
	v[byBasePrompt] = (ms[byBasePrompt] - ms[byRest]) / s
	v[byRest] = ms[byRest]
	for k := range v {
		v[k] = max(0, v[k])
		if a.df[k] == 0 {
			v[k] = 0
		}
	}
	return v
}
