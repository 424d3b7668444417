package scene

import (
	"fmt"
	"slices"
)

// spread has the values of a metric in several runs of one lane at a step.
type spread struct {
	spending // of the first of these runs
	least    float64
	mean     float64
	most     float64
}

// repeats returns a lane of the recipe as it went in the runs again, in their order.
func (r *Record) repeats(lane int) (all []track) {
	next := 0
	for _, run := range r.recipe.Beside {
		if run.Again && lane < len(run.Lanes) {
			all = append(all, track{&r.beside[next+lane],
				run.Lanes[lane].Label + ", " + run.Name, lane, true})
		}
		next += len(run.Lanes)
	}
	return all
}

// everything returns all tracks, and then the recipe's lanes in the runs again.
func (r *Record) everything() []track {
	all := r.tracks()
	for lane := range r.lanes {
		all = append(all, r.repeats(lane)...)
	}
	return all
}

// spreads returns what a metric was in all runs of a lane, for every step at which two of them or
// more were measured, in the order of steps.
func (r *Record) spreads(lane int, metric string) (all []spread) {
	curves := [][]measurement{r.lanes[lane].curve(metric)}
	for _, t := range r.repeats(lane) {
		curves = append(curves, t.curve(metric))
	}
	var steps []int
	for _, c := range curves {
		for _, m := range c {
			steps = append(steps, m.step)
		}
	}
	slices.Sort(steps)
	for _, step := range slices.Compact(steps) {
		var s spread
		var values []float64
		for _, c := range curves {
			if at, ok := slices.BinarySearchFunc(c, step, byStep); ok {
				if len(values) == 0 {
					s.spending = c[at].spending
				}
				values = append(values, c[at].value)
			}
		}
		if len(values) < 2 {
			continue
		}
		s.least, s.most = slices.Min(values), slices.Max(values)
		for _, v := range values {
			s.mean += v / float64(len(values))
		}
		all = append(all, s)
	}
	return all
}

// text returns the mean and, in brackets, the least and the most.
func (s spread) text(unit string) string {
	return fmt.Sprintf("%s [%s, %s]", written(s.mean, unit), written(s.least, unit),
		written(s.most, unit))
}

// band draws the spread of a lane over its runs in a panel, and where each run again has ended: the
// ends are the runs themselves, of which a band says little where they are in two camps.
func (d *drawing) band(p panel, lane int) {
	area := Area{Key: fmt.Sprint("band ", lane, " ", p.metric), Role: LaneRole(lane), Alpha: 0.2}
	for _, s := range p.bands[lane] {
		area.Upper = append(area.Upper, d.at(p, measurement{s.spending, s.most}))
		area.Lower = append(area.Lower, d.at(p, measurement{s.spending, s.least}))
	}
	if len(area.Upper) > 1 {
		d.Areas = append(d.Areas, area)
	}
	for i, t := range d.r.repeats(lane) {
		if c := t.curve(p.metric); len(c) > 0 && c[len(c)-1].step > 0 {
			d.Dots = append(d.Dots, Dot{Key: fmt.Sprint("again ", lane, " ", i, " ", p.metric),
				At: d.at(p, c[len(c)-1]), Size: 6, Shape: LaneShape(lane), Role: LaneRole(lane)})
		}
	}
}

// around draws where the runs again of a lane have ended in the plane, and the box around these and
// the end of the recipe's own.
func (p *Picture) around(r *Record, lane int, x, y direction, place func(stop) Point) {
	own := track{laneRecord: &r.lanes[lane]}
	var ends []Point
	for i, t := range append([]track{own}, r.repeats(lane)...) {
		stops := t.stops(x, y)
		if len(stops) == 0 || stops[len(stops)-1].step == 0 {
			continue
		}
		at := place(stops[len(stops)-1])
		ends = append(ends, at)
		if i > 0 {
			p.Dots = append(p.Dots, Dot{Key: fmt.Sprint("again ", lane, " ", i), At: at, Size: 7,
				Shape: LaneShape(lane), Role: LaneRole(lane)})
		}
	}
	if len(ends) < 2 {
		return
	}
	low, high := ends[0], ends[0]
	for _, at := range ends {
		low = Point{min(low.X, at.X), min(low.Y, at.Y)}
		high = Point{max(high.X, at.X), max(high.Y, at.Y)}
	}
	p.Areas = append(p.Areas, Area{Key: fmt.Sprint("around ", lane), Role: LaneRole(lane),
		Alpha: 0.12, Upper: []Point{low, {high.X, low.Y}}, Lower: []Point{{low.X, high.Y}, high}})
}
