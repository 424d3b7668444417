package analysis

import (
	"fmt"

	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
)

// spot is a place in a run: between two measurements, at a part of the way from one to the other.
type spot struct {
	from, to cells.Point
	part     float64
	early    bool // the run ended before the point, and this is its end
}

// value returns a metric or a cost at the spot.
func (s spot) value(metric string) (float64, error) {
	a, ok := s.from.Value(metric)
	b, alsoTo := s.to.Value(metric)
	if !ok || !alsoTo {
		return 0, fmt.Errorf("%s was not measured there", metric)
	}
	return between(a, b, s.part), nil
}

func (s spot) step() float64 { return between(float64(s.from.Step), float64(s.to.Step), s.part) }

func between(a, b, part float64) float64 { return a + float64(part*(b-a)) }

// find returns the spot of a run at a point.
func find(r *cells.Result, at design.Point) (spot, error) {
	end := cells.Point{Step: r.Steps, Metrics: r.After, Cost: r.Cost}
	last := spot{from: end, to: end}
	if at.Where == design.End {
		return last, nil
	}
	before := 0.0
	for i, p := range r.Curve {
		v, ok := p.Value(at.Metric)
		if !ok {
			return spot{}, fmt.Errorf("%s was not measured at step %d of %s", at.Metric, p.Step,
				r.Link)
		}
		if v >= at.Value {
			if i == 0 {
				return spot{from: p, to: p}, nil
			}
			return spot{r.Curve[i-1], p, (at.Value - before) / (v - before), false}, nil
		}
		before = v
	}
	last.early = true
	return last, nil
}
