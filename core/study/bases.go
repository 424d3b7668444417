package study

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
)

// Variation says how much a metric differs between runs, as standard deviations: between bases of
// one kind, and between seeds on one base. Either is nil if there is only one of them.
type Variation struct {
	BetweenBases *Deviation `json:"between_bases,omitempty"`
	BetweenSeeds *Deviation `json:"between_seeds,omitempty"`
}

// Deviation is an estimated standard deviation with an interval of at least 95 %.
type Deviation struct {
	SD float64 `json:"sd"`
	Interval
}

// SummariseBases combines the results of several seeds on each of several bases, which differ in
// the seed of their pretraining. results has a list of equally many seeds for each base. Means have
// intervals over bases, for each of which the seeds count as one value, because runs on one base
// are not independent. With one base they are over its seeds, as those of [Summarise].
func SummariseBases(r *recipe.Recipe, bases []uint64, results [][]*Result) (Summary, error) {
	s, err := Summarise(r, results[0])
	if len(bases) > 1 && err == nil {
		means := make([]*Result, len(results))
		for i, ofBase := range results {
			means[i] = mean(ofBase)
		}
		over := summarise(means)
		s.Base, s.Lanes, s.Tested = over.Base, over.Lanes, nil
		for _, h := range r.Hypotheses() {
			tested, err := testBases(h, results)
			if err != nil {
				return s, fmt.Errorf("%s: %w", r.Name, err)
			}
			s.Tested = append(s.Tested, tested)
		}
	}
	s.Bases = bases
	for i := range s.Lanes {
		s.Lanes[i].Cost = total(results, i) // of all runs, not of the means
		s.Lanes[i].Variation = variations(results,
			func(one *Result) map[string]float64 { return one.Lanes[i].Metrics })
	}
	return s, err
}

// testBases applies Decide to the means of each base over its seeds.
func testBases(h recipe.Hypothesis, results [][]*Result) (Tested, error) {
	var higher, lower []float64
	for _, ofBase := range results {
		t, err := test(h, ofBase)
		if err != nil {
			return t, err
		}
		higher = append(higher, stat.Mean(t.OfHigher, nil))
		if t.OfLower != nil {
			lower = append(lower, stat.Mean(t.OfLower, nil))
		}
	}
	return Decide(h, higher, lower), nil
}

// total returns what a lane cost in all runs.
func total(results [][]*Result, lane int) (cost protocol.Cost) {
	for _, one := range slices.Concat(results...) {
		cost = cost.Plus(one.Lanes[lane].Cost)
	}
	return cost
}

// mean returns the mean of results over seeds.
func mean(results []*Result) *Result {
	m := *results[0]
	m.Base = means(results, func(one *Result) map[string]float64 { return one.Base })
	m.Lanes = slices.Clone(m.Lanes)
	for i := range m.Lanes {
		m.Lanes[i].Metrics = means(results,
			func(one *Result) map[string]float64 { return one.Lanes[i].Metrics })
	}
	return &m
}

func means(results []*Result, of func(*Result) map[string]float64) map[string]float64 {
	all := map[string]float64{}
	for _, name := range slices.Sorted(maps.Keys(of(results[0]))) {
		for _, one := range results {
			all[name] += of(one)[name] / float64(len(results))
		}
	}
	return all
}

// variations returns how much each metric varies.
func variations(
	results [][]*Result, of func(*Result) map[string]float64,
) map[string]Variation {
	all := map[string]Variation{}
	for _, name := range slices.Sorted(maps.Keys(of(results[0][0]))) {
		values := make([][]float64, len(results))
		for i, ofBase := range results {
			for _, one := range ofBase {
				values[i] = append(values[i], of(one)[name])
			}
		}
		all[name] = variation(values)
	}
	return all
}

// variation estimates the two components of the variance of values[base][seed] by a one-way
// analysis of variance. The interval for seeds is exact for normal values. That for bases is
// Williams' and Tukey's, which is wider than it need be rather than too narrow.
func variation(values [][]float64) (v Variation) {
	bases, seeds := len(values), len(values[0])
	var within float64 // sum of squares
	averages := make([]float64, bases)
	for i, ofBase := range values {
		averages[i] = stat.Mean(ofBase, nil)
		for _, x := range ofBase {
			within += (x - averages[i]) * (x - averages[i])
		}
	}
	free := float64(bases * (seeds - 1))
	if seeds > 1 {
		chi := distuv.ChiSquared{K: free}
		v.BetweenSeeds = &Deviation{math.Sqrt(within / free),
			Interval{math.Sqrt(within / chi.Quantile(0.975)),
				math.Sqrt(within / chi.Quantile(0.025))}}
	}
	if bases == 1 || seeds == 1 { // one seed on each base: what is the seeds' cannot be told apart
		return v
	}
	n, others := float64(seeds), float64(bases-1)
	between := n * others * stat.Variance(averages, nil) // sum of squares
	noise := within / free
	const tail = 0.0125 // two tails of two distributions are 5 % together
	chi, f := distuv.ChiSquared{K: others}, distuv.F{D1: others, D2: free}
	bound := func(chiAt, fAt float64) float64 {
		return math.Sqrt(max(0, (between-fAt*others*noise)/(n*chiAt)))
	}
	v.BetweenBases = &Deviation{math.Sqrt(max(0, (between/others-noise)/n)),
		Interval{bound(chi.Quantile(1-tail), f.Quantile(1-tail)),
			bound(chi.Quantile(tail), f.Quantile(tail))}}
	return v
}

// Text returns the deviation as text, such as "0.05 [0.03, 0.12]". nil is "–".
func (d *Deviation) Text(number func(float64) string) string {
	if d == nil {
		return "–"
	}
	return fmt.Sprintf("%s [%s, %s]", number(d.SD), number(d.Low), number(d.High))
}
