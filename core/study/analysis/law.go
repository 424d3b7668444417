package analysis

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/posttrain/posttrain/core/stats"
	"github.com/posttrain/posttrain/core/study/design"
)

// Correlated is what a law rests on.
type Correlated struct {
	Points []Pairing   // the judged runs of all arms, in the order of the law
	ByBase []BaseValue // the rank correlation on each base
	Within []ArmValue  // the same for the runs of one arm, averaged over bases
}

// ArmValue is a value of an arm. Its runs do not vary on some base if Known is false.
type ArmValue struct {
	Arm   design.ArmName
	Value float64
	Known bool
}

// Pairing is a run with the two metrics of a law at its end; Value is the second of them.
type Pairing struct {
	Run
	Arm    design.ArmName
	Config string
	X      float64
}

// correlate estimates the mean correlation of a law.
func (f *Findings) correlate(v *Verdict) error {
	l := v.Law
	v.Correlated = &Correlated{}
	if err := f.pairings(l, v.Correlated); err != nil {
		return err
	}
	for _, arm := range l.Arms {
		within := ArmValue{Arm: arm, Known: true}
		groups := byUnit(v.Correlated.Points, func(p Pairing) bool { return p.Arm == arm })
		for _, g := range groups {
			r, ok := spearman(g.x, g.y)
			within.Value += r / float64(len(groups))
			within.Known = within.Known && ok
		}
		v.Correlated.Within = append(v.Correlated.Within, within)
	}
	groups := byUnit(v.Correlated.Points, func(Pairing) bool { return true })
	var runs []Run
	for _, p := range v.Correlated.Points {
		runs = append(runs, p.Run)
	}
	v.Bases, v.Seeds = counts(runs)
	var scores []stats.Score
	sum := 0.0
	for _, g := range groups {
		r, ok := spearman(g.x, g.y)
		if !ok {
			v.Value, v.NoInterval = math.NaN(), fmt.Sprintf("%s or %s is the same in all runs on "+
				"base %d", l.X, l.Y, g.unit)
			return nil
		}
		v.Correlated.ByBase = append(v.Correlated.ByBase, BaseValue{g.unit, r})
		scores = append(scores, stats.Score{Base: fmt.Sprint(g.unit), Value: r})
		sum += r
	}
	v.Value = sum / float64(len(groups))
	s, err := stats.NewSample(scores)
	if err != nil {
		return err
	}
	e, err := s.Mean(stats.Options{Level: f.Study.Analysis.Level, Against: l.Bound,
		Resamples: f.Study.Analysis.Resamples, Range: &stats.Range{Low: -1, High: 1}})
	if err != nil {
		v.NoInterval = reason(err)
		return nil
	}
	v.Interval, v.above, v.below = intervalOf(e), e.PAbove, e.PBelow
	return nil
}

// unitPairs has the pairings on one base or, if there are no bases, of one seed.
type unitPairs struct {
	unit uint64
	x, y []float64
}

// byUnit groups the pairings that are wanted, in their order.
func byUnit(all []Pairing, wanted func(Pairing) bool) (groups []unitPairs) {
	for _, p := range all {
		if !wanted(p) {
			continue
		}
		at := slices.IndexFunc(groups, func(g unitPairs) bool { return g.unit == p.Unit })
		if at < 0 {
			at = len(groups)
			groups = append(groups, unitPairs{unit: p.Unit})
		}
		groups[at].x, groups[at].y = append(groups[at].x, p.X), append(groups[at].y, p.Value)
	}
	return groups
}

// pairings collects the points of a law.
func (f *Findings) pairings(l *design.Law, into *Correlated) error {
	end := design.Point{Where: design.End}
	for _, arm := range l.Arms {
		for _, config := range f.configs(arm) {
			runs := f.Runs(arm, config, design.Judge)
			xs, err := f.look(runs, end, l.X)
			if err != nil {
				return err
			}
			ys, err := f.look(runs, end, l.Y)
			if err != nil {
				return err
			}
			for i, x := range xs {
				into.Points = append(into.Points, Pairing{ys[i], arm, config, x.Value})
			}
		}
	}
	return nil
}

// spearman returns the rank correlation of two variables. ok is false if one of them does not vary.
func spearman(x, y []float64) (r float64, ok bool) {
	r = stat.Correlation(ranks(x), ranks(y), nil)
	return r, !math.IsNaN(r)
}

// ranks returns the ranks of values, from 1. Equal values have the mean of their ranks.
func ranks(values []float64) []float64 {
	sorted := slices.Sorted(slices.Values(values))
	all := make([]float64, len(values))
	for i, v := range values {
		first, _ := slices.BinarySearch(sorted, v)
		last := first
		for last+1 < len(sorted) && sorted[last+1] == v {
			last++
		}
		all[i] = float64(first+last+2) / 2
	}
	return all
}
