package scene

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// empty reports whether nothing has been measured yet.
func (d *drawing) empty(panels []panel) bool {
	return !slices.ContainsFunc(panels, func(p panel) bool { return d.r.has(p.metric) })
}

// names says which lanes there will be, in a panel without curves.
func (d *drawing) names(p panel) {
	const high = 18.0
	for lane, l := range d.r.recipe.Lanes {
		at := Point{p.plot.X + 8, p.plot.Y + 16 + high*float64(lane)}
		if at.Y+high/2 > p.plot.Y+p.plot.H || p.plot.W < 60 {
			return
		}
		d.Dots = append(d.Dots, Dot{At: at, Size: 10, Shape: LaneShape(lane), Role: LaneRole(lane)})
		text := fit(l.Label, p.box.X+p.box.W-at.X-10, labelSize, true, false)
		d.word(Word{Key: fmt.Sprint("name ", lane), Text: text, At: Point{at.X + 10, at.Y}, Anchor: Start, Size: labelSize, Bold: true, Role: LaneRole(lane)})
	}
}

// label is what stands at the end of a lane's curve.
type label struct {
	lane  int
	value float64
	end   Point
}

// labels names the lanes and their values at the end of their curves, none upon another and, if possible, none upon a curve.
func (d *drawing) labels(p panel) {
	var all []label
	for lane, c := range p.curves {
		if len(c) > 0 {
			last := c[len(c)-1]
			all = append(all, label{lane, last.value, d.at(p, last)})
		}
	}
	slices.SortStableFunc(all, func(a, b label) int { return cmp.Compare(b.value, a.value) })
	taken := d.measure(p)
	for _, l := range all {
		if w, ok := d.settle(p, l, taken); ok {
			d.word(w)
			taken = append(taken, w.Box())
		}
	}
}

// settle finds a place for a label: with the lane's name or, where that would be in the way of too much, without.
func (d *drawing) settle(p panel, l label, taken []Box) (w Word, ok bool) {
	const tolerable = 60
	value := written(l.value, d.scale.unit)
	w = Word{Key: fmt.Sprint("label ", l.lane, " ", p.metric), Text: d.r.recipe.Lanes[l.lane].Label + " " + value, Size: labelSize, Bold: true, Role: LaneRole(l.lane)}
	if named, cost := d.best(p, l, w, taken); cost < tolerable {
		return named, true
	}
	w.Text = value
	w, cost := d.best(p, l, w, taken)
	return w, !math.IsInf(cost, 1)
}

// best finds the best place for a word: beside the end of its curve, above or below, not far away, and free. What it costs is
// infinite where there is none.
func (d *drawing) best(p panel, l label, w Word, taken []Box) (best Word, least float64) {
	const high, beside = labelSize * 1.3, 10
	least = math.Inf(1)
	try := func(anchor Anchor, dx, dy float64) {
		if math.Abs(dy) >= least {
			return
		}
		w.Anchor, w.At = anchor, Point{l.end.X + dx, l.end.Y + dy}
		b := w.Box()
		if w.At.Y < p.plot.Y-5 || w.At.Y > p.plot.Y+p.plot.H-2 || b.X < p.plot.X || b.X+b.W > p.box.X+p.box.W+1e-9 || slices.ContainsFunc(taken, b.Meets) {
			return
		}
		cost := math.Abs(dy) + 12*float64(d.crossings(p, b))
		if anchor != Start {
			cost += 6
		}
		if cost < least {
			best, least = w, cost
		}
	}
	for step := range 12 {
		for _, down := range []float64{1, -1} {
			dy := down * float64(step) * high / 2
			try(Start, beside, dy)
			if step > 1 {
				try(Middle, 0, dy)
				try(End, 5, dy)
			}
		}
	}
	if below, above := p.plot.Y+p.plot.H-2-l.end.Y, p.plot.Y-5-l.end.Y; math.IsInf(least, 1) || below < 0 || above > 0 {
		try(Start, beside, below)
		try(Start, beside, above)
	}
	return best, least
}

// crossings is how many pieces of curves run through a box.
func (d *drawing) crossings(p panel, b Box) (n int) {
	before, lane := Point{}, -1
	d.each(p, func(of int, _ measurement, at Point) {
		if of == lane && crosses(before, at, b) {
			n++
		}
		before, lane = at, of
	})
	return n
}

// crosses says whether a line runs through a box.
func crosses(from, to Point, b Box) bool {
	enterX, leaveX := within(from.X, to.X, b.X, b.X+b.W)
	enterY, leaveY := within(from.Y, to.Y, b.Y, b.Y+b.H)
	return max(enterX, enterY) <= min(leaveX, leaveY)
}

// within is the part of the way from one number to another, as shares of it, that lies between low and high.
func within(from, to, low, high float64) (enter, leave float64) {
	if from == to {
		if from < low || from > high {
			return 1, 0
		}
		return 0, 1
	}
	a, b := (low-from)/(to-from), (high-from)/(to-from)
	return max(0, min(a, b)), min(1, max(a, b))
}
