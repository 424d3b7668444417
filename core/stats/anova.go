package stats

import (
	"slices"

	"gonum.org/v1/gonum/stat"
)

// The effects of a design with seeds nested in bases and prompts crossed with both.
const (
	byBase = iota
	bySeed // within bases
	byPrompt
	byBasePrompt
	byRest // what differs between seeds of one base on one prompt
	effects
)

// anova is the analysis of variance of a sample: the mean square of each effect, and its degrees of
// freedom. An effect without degrees of freedom has mean square 0.
type anova struct {
	design Design
	mean   float64
	ms, df [effects]float64
}

func newAnova(s Sample) anova {
	d := s.Design()
	a := anova{design: d, mean: stat.Mean(s.values, nil), df: d.freedom()}
	bases, runs := s.BaseMeans(), s.RunMeans()
	over := s.overSeeds() // by base and prompt
	prompts := make([]float64, d.Prompts)
	for i, v := range over.values {
		prompts[i%d.Prompts] += v / float64(d.Bases)
	}
	var ss [effects]float64
	for i, v := range s.values {
		b, r, p := i/(d.Prompts*d.Seeds), i/d.Prompts%d.Seeds, i%d.Prompts
		both := over.values[b*d.Prompts+p]
		ss[byBase] += square(bases[b] - a.mean)
		ss[bySeed] += square(runs[b][r] - bases[b])
		ss[byPrompt] += square(prompts[p] - a.mean)
		ss[byBasePrompt] += square(both - bases[b] - prompts[p] + a.mean)
		ss[byRest] += square(v - runs[b][r] - both + bases[b])
	}
	for i, df := range a.df {
		if df > 0 && !rounding(ss[i]/float64(len(s.values)), s.values) {
			a.ms[i] = ss[i] / df
		}
	}
	return a
}

// rounding reports whether a variance is so small that it may be due to the rounding of the values.
func rounding(variance float64, values []float64) bool {
	largest := max(slices.Max(values), -slices.Min(values))
	return variance <= square(1e-12*largest)
}

// freedom returns the degrees of freedom of each effect.
func (d Design) freedom() (df [effects]float64) {
	bases, seeds, prompts := float64(d.Bases), float64(d.Seeds), float64(d.Prompts)
	df[byBase] = bases - 1
	df[bySeed] = bases * (seeds - 1)
	df[byPrompt] = prompts - 1
	df[byBasePrompt] = (bases - 1) * (prompts - 1)
	df[byRest] = bases * (seeds - 1) * (prompts - 1)
	return df
}

// varianceOfMean returns the variance of the mean over new bases, seeds and prompts. The mean
// square of bases holds everything but what prompts have in common on all bases, which is added if
// it is estimated above 0.
func (a anova) varianceOfMean() variance {
	n := float64(a.design.scores())
	return variance{a.ms[byBase] / n, max(0, a.ms[byPrompt]-a.ms[byBasePrompt]) / n,
		a.df[byBase], a.df[byPrompt]}
}
