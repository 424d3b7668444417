package evidence

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/guide"
	"github.com/posttrain/posttrain/core/study/cells"
)

// runOf returns what the guide needs of a result.
func runOf(of *cells.Result, columns []guide.Column) (r guide.Run, err error) {
	points := measurements(of)
	for _, p := range points {
		r.Steps = append(r.Steps, float64(p.Step))
	}
	for _, cost := range guide.Costs() {
		var spent guide.Numbers
		for _, p := range points {
			v, ok := p.Value(cost)
			if !ok {
				return r, fmt.Errorf("%s: %s is missing at step %d", of.Link, cost, p.Step)
			}
			spent = append(spent, v)
		}
		if !slices.ContainsFunc(spent, func(v float64) bool { return v > 0 }) {
			spent = guide.Numbers{}
		}
		r.Costs = append(r.Costs, spent)
	}
	for _, c := range columns {
		values, ok := along(points, c.Metric)
		if !ok {
			first, before := of.Before[c.Metric]
			last, after := of.After[c.Metric]
			if !before || !after {
				return r, fmt.Errorf("%s: %s was not measured", of.Link, c.Metric)
			}
			values = guide.Numbers{first, last}
		}
		r.Values = append(r.Values, values)
	}
	return r, nil
}

// measurements returns the measurements of a result, each step once, the end included.
func measurements(of *cells.Result) (points []cells.Point) {
	end := cells.Point{Step: of.Steps, Metrics: of.After, Cost: of.Cost}
	for _, p := range append(slices.Clone(of.Curve), end) {
		if n := len(points); n > 0 && points[n-1].Step == p.Step {
			points[n-1] = p // the same weights again, at the start of a stage or at the end
			continue
		}
		points = append(points, p)
	}
	return points
}

// along returns a metric at all measurements. ok is false if one does not have it.
func along(points []cells.Point, metric string) (values guide.Numbers, ok bool) {
	for _, p := range points {
		v, ok := p.Value(metric)
		if !ok {
			return nil, false
		}
		values = append(values, v)
	}
	return values, true
}
