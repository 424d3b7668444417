package analysis

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/stats"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
)

// Runs returns the results of a config in a part of the study, in the order of the plan. It returns
// none if any cell of the study is missing.
func (f *Findings) Runs(arm design.ArmName, config string, part design.Part) []*cells.Result {
	return f.runs[group{arm, config, part}]
}

// Run is a run at the point of a hypothesis.
type Run struct {
	Base, Seed uint64
	Unit       uint64 // what is sampled: the base or, if there are no bases, the seed
	Link       string
	Value      float64
	Step       float64 // updates up to the point
	Early      bool    // the run ended before the point, and Value is that of its end

	seedsOnly bool // there are no bases
}

// run returns a result as a run without a value.
func (f *Findings) run(r *cells.Result) Run {
	one := Run{Base: r.Base, Seed: r.Seed, Unit: r.Base, Link: r.Link}
	if !f.hasBases(r.Experiment) {
		one.Unit, one.seedsOnly = r.Seed, true
	}
	return one
}

// hasBases reports whether the runs of an experiment start from bases.
func (f *Findings) hasBases(experiment string) bool {
	for _, e := range f.Study.Experiments {
		if e.Name == experiment {
			return len(e.Bases.Judge) > 0
		}
	}
	return false
}

// look returns a metric of runs at a point.
func (f *Findings) look(runs []*cells.Result, at design.Point, metric string) ([]Run, error) {
	var all []Run
	for _, r := range runs {
		s, err := find(r, at)
		if err != nil {
			return nil, err
		}
		one := f.run(r)
		if one.Value, err = s.value(metric); err != nil {
			return nil, fmt.Errorf("%s: %w", r.Link, err)
		}
		one.Step, one.Early = s.step(), s.early
		all = append(all, one)
	}
	return all, nil
}

// early returns how many runs ended before the point.
func early(runs []Run) (n int) {
	for _, r := range runs {
		if r.Early {
			n++
		}
	}
	return n
}

func mean(runs []Run) float64 {
	sum := 0.0
	for _, r := range runs {
		sum += r.Value
	}
	return sum / float64(len(runs))
}

// sample returns values of runs as a sample in which bases and seeds are crossed: a seed draws the
// same prompts on all bases, and what it adds to a score is alike on all of them. So seeds take the
// place that prompts have in package stats.
func sample(runs []Run, values []float64) (stats.Sample, error) {
	return newSample(runs, values, func(r Run) stats.Score {
		one := stats.Score{Base: fmt.Sprint(r.Unit)}
		if !r.seedsOnly { // otherwise it is the base of the sample
			one.Prompt = fmt.Sprint(r.Seed)
		}
		return one
	})
}

// runSample returns values of runs as a sample for statistics about single runs.
func runSample(runs []Run, values []float64) (stats.Sample, error) {
	return newSample(runs, values, func(r Run) stats.Score {
		one := stats.Score{Base: fmt.Sprint(r.Unit), Seed: r.Seed}
		if r.seedsOnly {
			one.Seed = 0
		}
		return one
	})
}

func newSample(runs []Run, values []float64, place func(Run) stats.Score) (stats.Sample, error) {
	var scores []stats.Score
	for i, r := range runs {
		one := place(r)
		one.Value = values[i]
		scores = append(scores, one)
	}
	return stats.NewSample(scores)
}

func valuesOf(runs []Run) []float64 {
	var values []float64
	for _, r := range runs {
		values = append(values, r.Value)
	}
	return values
}

// options returns the options of statistics about a metric.
func (f *Findings) options(metric string) stats.Options {
	o := stats.Options{Level: f.Study.Analysis.Level, Resamples: f.Study.Analysis.Resamples}
	if d, _ := eval.Define(metric); d.Unit == eval.Share {
		o.Range = &stats.Range{Low: 0, High: 1}
	}
	return o
}

// Mean is the mean of a metric over runs.
type Mean struct {
	Value    float64
	Interval *Interval // nil means that the data support none
	Runs     int
	Early    int // runs that ended before the point
}

// Mean returns the mean of a metric over the runs of a config in a part of the study, at a point.
// ok is false if a run is missing or was not measured there.
func (f *Findings) Mean(arm design.ArmName, config string, part design.Part, at design.Point,
	metric string) (m Mean, ok bool) {
	runs, err := f.look(f.Runs(arm, config, part), at, metric)
	if err != nil || len(runs) == 0 {
		return m, false
	}
	m, err = f.meanOf(runs, metric)
	return m, err == nil
}

// meanOf returns the mean of a metric over runs that have its values.
func (f *Findings) meanOf(runs []Run, metric string) (Mean, error) {
	m := Mean{Value: mean(runs), Runs: len(runs), Early: early(runs)}
	s, err := sample(runs, valuesOf(runs))
	if err != nil {
		return m, err
	}
	if e, err := s.Mean(f.options(metric)); err == nil {
		if strings.HasPrefix(metric, "cost/") { // cannot be negative
			e.Low = max(e.Low, 0)
		}
		m.Interval = intervalOf(e)
	}
	return m, nil
}
