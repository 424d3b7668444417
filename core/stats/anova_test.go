package stats

import (
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
)

// averaged returns, for every score, the mean of all scores that agree with it in the named
// factors.
func averaged(s Sample, base, seed, prompt bool) []float64 {
	scores := s.Scores()
	means := make([]float64, len(scores))
	for i, one := range scores {
		var alike []float64
		for _, other := range scores {
			if (!base || one.Base == other.Base) && (!seed || one.Seed == other.Seed) &&
				(!prompt || one.Prompt == other.Prompt) {
				alike = append(alike, other.Value)
			}
		}
		means[i] = stat.Mean(alike, nil)
	}
	return means
}

// sumOfSquares returns the sum of the squares of a signed sum of vectors.
func sumOfSquares(plus, minus [][]float64) float64 {
	total := make([]float64, len(plus[0]))
	for _, v := range plus {
		floats.Add(total, v)
	}
	for _, v := range minus {
		floats.Sub(total, v)
	}
	return floats.Dot(total, total)
}

// The sums of squares by their definition as norms of projections, and all of them together.
func TestAnovaIsTheTextbooks(t *testing.T) {
	s := world{bases: 1, seeds: 1, prompts: 1, basesPrompts: 1, scale: normal}.sample(
		Design{4, 3, 5}, 1)
	all := averaged(s, false, false, false)
	base, prompt := averaged(s, true, false, false), averaged(s, false, false, true)
	run, both := averaged(s, true, true, false), averaged(s, true, false, true)
	want := [effects]float64{
		byBase:       sumOfSquares([][]float64{base}, [][]float64{all}),
		bySeed:       sumOfSquares([][]float64{run}, [][]float64{base}),
		byPrompt:     sumOfSquares([][]float64{prompt}, [][]float64{all}),
		byBasePrompt: sumOfSquares([][]float64{both, all}, [][]float64{base, prompt}),
		byRest:       sumOfSquares([][]float64{s.values, base}, [][]float64{run, both}),
	}
	a := newAnova(s)
	sum, freedom := 0.0, 0.0
	for k := range want {
		near(t, "a sum of squares", a.ms[k]*a.df[k], want[k])
		sum, freedom = sum+a.ms[k]*a.df[k], freedom+a.df[k]
	}
	near(t, "their sum", sum, sumOfSquares([][]float64{s.values}, [][]float64{all}))
	near(t, "their degrees of freedom", freedom, 4*3*5-1)
}

// The strength of fabric of four looms, with four samples of each (Montgomery, "Design and analysis
// of experiments", example on the random effects model): mean squares of 29.73 between looms and
// 1.90 within, and components of 6.96 and 1.90.
func TestComponentsOfLooms(t *testing.T) {
	s := blank(Design{4, 4, 1})
	copy(s.values, []float64{98, 97, 99, 96, 91, 90, 93, 92, 96, 95, 97, 95, 95, 96, 99, 98})
	a := newAnova(s)
	within(t, "the mean square between looms", a.ms[byBase], 29.73, 0.005)
	within(t, "the mean square within", a.ms[bySeed], 1.90, 0.005)
	c := s.Components(Options{Resamples: 20000})
	within(t, "the component of looms", c.Bases.Variance, 6.96, 0.005)
	within(t, "the component within", c.Seeds.Variance, 1.90, 0.005)
	within(t, "the share of looms", c.Bases.Share, 6.96/8.86, 0.002)
	// Exact: the sum of squares 22.75 over the quantiles 23.337 and 4.404 of chi-squared on 12.
	within(t, "the lower end", c.Seeds.Low, 22.75/23.337, 0.03)
	within(t, "the upper end", c.Seeds.High, 22.75/4.404, 0.25)
}

func TestComponentsThatADesignCannotTell(t *testing.T) {
	w := world{bases: 1, seeds: 1, prompts: 1, basesPrompts: 1, scale: normal}
	for _, c := range []struct {
		design Design
		want   string
	}{
		{Design{4, 3, 5}, "bases seeds prompts both rest"},
		{Design{4, 3, 1}, "bases seeds"},
		{Design{4, 1, 5}, "bases prompts both"},
		{Design{1, 3, 5}, "seeds prompts rest"},
		{Design{4, 1, 1}, "bases"},
	} {
		k := w.sample(c.design, 1).Components(Options{Resamples: 20})
		got := ""
		for i, one := range []*Component{k.Bases, k.Seeds, k.Prompts, k.BasesPrompts, k.Rest} {
			if one != nil {
				got += " " + []string{"bases", "seeds", "prompts", "both", "rest"}[i]
			}
		}
		if got != " "+c.want {
			t.Errorf("%v tells%s, want %s", c.design, got, c.want)
		}
	}
}

// With enough of everything, the components are those of the world, whatever the design cannot tell
// apart.
func TestComponentsAreTheWorlds(t *testing.T) {
	w := world{bases: 1, seeds: .8, prompts: .6, basesPrompts: .4, scale: normal}
	v := w.sample(Design{150, 3, 60}, 1).Components(Options{Resamples: 20}).Variances()
	within(t, "bases", v.Bases, 1, .25)
	within(t, "seeds", v.Seeds, .64, .1)
	within(t, "prompts", v.Prompts, .36, .15)
	within(t, "bases and prompts", v.BasesPrompts, .16, .02)
	within(t, "rest", v.Rest, 1, .03)
	v = w.sample(Design{300, 1, 60}, 1).Components(Options{Resamples: 20}).Variances()
	within(t, "bases and seeds", v.Bases, 1.64, .3)
	within(t, "bases, prompts and rest", v.BasesPrompts, 1.16, .05)
}
