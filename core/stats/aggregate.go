package stats

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/posttrain/posttrain/core/num"
)

// InterquartileMean returns the mean of the middle half: a quarter of the values, rounded down, is
// left out at either end.
func InterquartileMean(values []float64) float64 {
	outside := len(values) / 4
	return stat.Mean(slices.Sorted(slices.Values(values))[outside:len(values)-outside], nil)
}

// Tasks has the scores of one method: a list of independent runs for each task. Tasks are fixed,
// and runs are a sample. Runs on one base are not independent, so with several seeds on each base a
// list has the means of bases.
type Tasks [][]float64

// InterquartileMean estimates the interquartile mean of all runs of all tasks together, which is
// less affected by single runs than the mean and varies less than the median (Agarwal et al., "Deep
// reinforcement learning at the edge of the statistical precipice", 2021, arXiv:2108.13264).
// o.Range is the range of the scores, and o.Fewest the fewest runs of a task.
//
// As in the paper's library rliable, runs are resampled within each task. The interval is Student's
// t with the standard deviation of resamples, since percentiles are too narrow for few runs.
func (t Tasks) InterquartileMean(o Options) (Estimate, error) {
	return stratified(o, t, func(draw Tasks) float64 {
		return InterquartileMean(slices.Concat(draw...))
	})
}

// ImprovementOver estimates the probability that a run of t scores higher than one of other on the
// same task, averaged over tasks (Agarwal et al. 2021, as in rliable). A tie counts as half. An
// o.Against of 0 means 0.5. o.Range is ignored: a probability is between 0 and 1. For lanes on the
// same bases [Pair.Improvement] compares on each base.
func (t Tasks) ImprovementOver(other Tasks, o Options) (Estimate, error) {
	if len(t) != len(other) {
		return Estimate{}, fmt.Errorf("one method has %d tasks, the other %d", len(t), len(other))
	}
	return stratified(o.ofProbability(), slices.Concat(t, other), func(draw Tasks) float64 {
		sum := 0.0
		for i := range t {
			sum += Superiority(draw[i], draw[len(t)+i])
		}
		return sum / float64(len(t))
	})
}

// stratified estimates a statistic by resampling the runs of each list.
func stratified(o Options, t Tasks, statistic func(Tasks) float64) (Estimate, error) {
	o = o.withDefaults()
	if len(t) == 0 {
		return Estimate{}, fmt.Errorf("%w: no task", ErrTooLittle)
	}
	fewest, freedom := len(t[0]), 0
	draw := make(Tasks, len(t))
	for i, runs := range t {
		fewest, freedom = min(fewest, len(runs)), freedom+len(runs)-1
		draw[i] = slices.Clone(runs)
	}
	if fewest < max(2, o.Fewest) {
		return Estimate{}, fmt.Errorf("%w: a task has %d runs, want at least %d", ErrTooLittle,
			fewest, max(2, o.Fewest))
	}
	value := statistic(draw)
	values := make([]float64, o.Resamples)
	for i := range values {
		r := num.NewRand(o.Seed, "stats/stratified", "", uint64(i))
		for k, runs := range t {
			for j := range runs {
				draw[k][j] = runs[r.IntN(len(runs))]
			}
		}
		values[i] = statistic(draw)
	}
	n := float64(fewest)
	v := variance{bases: spreadOf(values) * n / (n - 1), ofBases: float64(freedom)}
	if v.bases == 0 {
		return Estimate{}, fmt.Errorf("%w: the value is %v on all resamples", ErrTooLittle, value)
	}
	e := o.student(value, v, linkFor(value, o.Range))
	e.Method = Bootstrap
	e.Design = Design{Bases: fewest, Seeds: 1, Prompts: 1}
	return e, nil
}
