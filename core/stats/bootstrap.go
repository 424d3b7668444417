package stats

import (
	"fmt"

	"gonum.org/v1/gonum/stat"

	"github.com/posttrain/posttrain/core/num"
)

// Draw is one resample of a design, as indices into what it was drawn from.
type Draw struct {
	Bases   []int // with the seeds of each
	Prompts []int // the same for all runs
}

// Mean returns the mean of a sample's resampled scores.
func (d Draw) Mean(s Sample) float64 {
	sum := 0.0
	for _, b := range d.Bases {
		for r := range s.seeds {
			run := s.values[s.index(b, r, 0):][:len(s.prompts)]
			for _, p := range d.Prompts {
				sum += run[p]
			}
		}
	}
	return sum / float64(len(s.values))
}

// RunMeans returns the means of a sample's resampled runs.
func (d Draw) RunMeans(s Sample) []float64 {
	means := make([]float64, 0, len(d.Bases)*len(s.seeds))
	for _, b := range d.Bases {
		for r := range s.seeds {
			run := s.values[s.index(b, r, 0):][:len(s.prompts)]
			sum := 0.0
			for _, p := range d.Prompts {
				sum += run[p]
			}
			means = append(means, sum/float64(len(d.Prompts)))
		}
	}
	return means
}

// whole returns the draw that takes everything once.
func (d Design) whole() Draw { return Draw{upTo(d.Bases), upTo(d.Prompts)} }

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// Bootstrap estimates any statistic of a design by resampling. The statistic must not change or
// keep its argument, and o.Range is its range.
//
// Bases are drawn with replacement, each with all its seeds, and prompts are drawn for all runs
// together. The interval is Student's t with the standard deviation of the statistic over resamples
// of bases, times √(n/(n-1)) for n bases, and with the part of the variance that only prompts
// explain. docs/decisions/0031 has the measurements that speak for this: percentiles of few bases
// are too narrow, and drawing seeds once more within bases counts their variance twice.
//
// With fewer bases than o.Fewest, or if all resamples give the same value, it returns an error that
// wraps [ErrTooLittle].
func (d Design) Bootstrap(o Options, statistic func(Draw) float64) (Estimate, error) {
	o = o.withDefaults()
	value := statistic(d.whole())
	if d.Bases < o.Fewest || d.Bases < 2 { // before anything is computed
		return Estimate{}, o.distrust(d, variance{})
	}
	v := d.resampled(o, statistic)
	if v.bases == 0 {
		return Estimate{}, fmt.Errorf("%w: the value is %v on all resamples of %d bases",
			ErrTooLittle, value, d.Bases)
	}
	e := o.student(value, v, linkFor(value, o.Range))
	e.Method, e.Design = Bootstrap, d
	return e, nil
}

// resampled returns the variance of a statistic. If bases and prompts are both drawn, what differs
// from prompt to prompt on one base is counted by the draws of bases, by those of prompts, and a
// third time by draws of both, so that the part of prompts alone can be told from the three.
func (d Design) resampled(o Options, statistic func(Draw) float64) variance {
	n := float64(d.Bases)
	bases := d.spread(o, "bases", statistic)
	v := variance{bases: bases * n / (n - 1), ofBases: n - 1, ofPrompts: float64(d.Prompts - 1)}
	if d.Prompts > 1 {
		prompts, both := d.spread(o, "prompts", statistic), d.spread(o, "both", statistic)
		v.prompts = max(0, bases+2*prompts-both)
	}
	return v
}

// spread returns the variance of a statistic over draws of bases, of prompts, or of both.
func (d Design) spread(o Options, what string, statistic func(Draw) float64) float64 {
	draw := d.whole()
	values := make([]float64, o.Resamples)
	for i := range values {
		r := num.NewRand(o.Seed, "stats/bootstrap", what, uint64(i))
		if what != "prompts" {
			redraw(draw.Bases, &r)
		}
		if what != "bases" {
			redraw(draw.Prompts, &r)
		}
		values[i] = statistic(draw)
	}
	return spreadOf(values)
}

// spreadOf returns the variance of values, and 0 if it may be due to rounding.
func spreadOf(values []float64) float64 {
	v := stat.Variance(values, nil)
	if rounding(v, values) {
		return 0
	}
	return v
}

// redraw replaces indices by random ones.
func redraw(indices []int, r *num.Rand) {
	for i := range indices {
		indices[i] = r.IntN(len(indices))
	}
}
