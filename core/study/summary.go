package study

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

// Summary combines the results of several seeds of one recipe.
type Summary struct {
	Event  string              `json:"event"` // "summary"
	Engine int                 `json:"engine"`
	Seeds  []uint64            `json:"seeds"`
	Bases  []uint64            `json:"bases,omitempty"` // seeds of the bases, if there are several
	Base   map[string]Estimate `json:"base,omitempty"`  // metrics of the first lane's base
	Lanes  []LaneSummary       `json:"lanes"`
	Tested []Tested            `json:"tested,omitempty"` // the exhibit's hypotheses
}

// LaneSummary combines the results of one lane over all seeds.
type LaneSummary struct {
	Label   string              `json:"label"`
	Metrics map[string]Estimate `json:"metrics"`
	Cost    protocol.Cost       `json:"cost"` // summed over all runs

	// Variation says how much each metric varies, if the runs were on several bases.
	Variation map[string]Variation `json:"variation,omitempty"`
}

// Estimate is a mean over seeds. With two seeds or more it has a 95 % interval.
// With one seed Interval is nil.
type Estimate struct {
	Mean float64 `json:"mean"`
	*Interval
	N int `json:"n"` // seeds, or bases if there are several
}

// Interval is a 95 % interval by Student's t.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Text returns the estimate as text, such as "0.5 [0.4, 0.6]", or the mean alone
// if there is no interval. number formats each of the numbers.
func (e Estimate) Text(number func(float64) string) string {
	if e.Interval == nil {
		return number(e.Mean)
	}
	return fmt.Sprintf("%s [%s, %s]", number(e.Mean), number(e.Low), number(e.High))
}

// Summarise combines the results of several seeds of one recipe and tests its exhibit's hypotheses.
func Summarise(r *recipe.Recipe, results []*Result) (Summary, error) {
	s := summarise(results)
	for _, h := range r.Hypotheses() {
		tested, err := test(h, results)
		if err != nil {
			return s, fmt.Errorf("%s: %w", r.Name, err)
		}
		s.Tested = append(s.Tested, tested)
	}
	return s, nil
}

func summarise(results []*Result) Summary {
	s := Summary{Event: "summary", Engine: train.Engine}
	for _, r := range results {
		s.Seeds = append(s.Seeds, r.Seed)
	}
	if len(results[0].Base) > 0 {
		s.Base = estimates(results, func(r *Result) map[string]float64 { return r.Base })
	}
	for i, lane := range results[0].Lanes {
		summary := LaneSummary{Label: lane.Label, Metrics: estimates(results,
			func(r *Result) map[string]float64 { return r.Lanes[i].Metrics })}
		for _, r := range results {
			summary.Cost = summary.Cost.Plus(r.Lanes[i].Cost)
		}
		s.Lanes = append(s.Lanes, summary)
	}
	return s
}

// estimates returns an estimate for each metric of the first result. of returns the metrics of a
// result.
func estimates(results []*Result, of func(*Result) map[string]float64) map[string]Estimate {
	all := map[string]Estimate{}
	for _, name := range slices.Sorted(maps.Keys(of(results[0]))) {
		var values []float64
		for _, r := range results {
			values = append(values, of(r)[name])
		}
		all[name] = estimate(values)
		if d, _ := eval.Define(name); d.Unit == eval.Share {
			all[name] = all[name].within(0, 1)
		}
	}
	return all
}

// within returns the estimate with its interval cut to low and high, the bounds of the metric.
func (e Estimate) within(low, high float64) Estimate {
	if e.Interval != nil {
		e.Interval = &Interval{max(low, e.Low), min(high, e.High)}
	}
	return e
}

func estimate(values []float64) Estimate {
	n := len(values)
	if n == 1 {
		return Estimate{Mean: values[0], N: 1}
	}
	mean, std := stat.MeanStdDev(values, nil)
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(n - 1)}.Quantile(0.975)
	half := t * std / math.Sqrt(float64(n))
	return Estimate{mean, &Interval{mean - half, mean + half}, n}
}
