package scene

import (
	"fmt"
	"math"
)

// started reports whether anything has been measured after an update and, if not, whether the start
// has been.
func (d *drawing) started(panels []panel) (after, start bool) {
	for _, p := range panels {
		for _, c := range p.curves[:len(d.r.lanes)] {
			start = start || len(c) > 0
			after = after || len(c) > 0 && c[len(c)-1].step > 0
		}
	}
	return after, start
}

// waits writes into a panel without curves which lanes there will be and when they appear. The text
// keeps clear of the base's line.
func (d *drawing) waits(p panel, start bool) {
	const high = 18.0
	text := "The lanes appear with the first measurement."
	if start {
		text = "This is the base. The lanes appear with their first measurement."
	}
	room := p.box.X + p.box.W - p.plot.X - 8
	lines, names := broken(text, room), d.r.labels()
	if d.keyed { // the lanes are named above
		names = nil
	}
	tall := func() float64 { return high*float64(len(names)) + noteHigh*float64(len(lines)) }
	if tall() > p.plot.H-8 {
		names = nil
	}
	if tall() > p.plot.H-8 {
		return
	}
	top := p.plot.Y + 16
	if base, ok := d.baseOf(p); ok && d.scale.share(base) > 0.5 || tall() > p.plot.H-16 {
		top = p.plot.Y + p.plot.H + noteHigh/2 - 2 - tall()
	}
	for lane, label := range names {
		at := Point{p.plot.X + 14, top + high*float64(lane)}
		d.Dots = append(d.Dots, Dot{At: at, Size: 10, Shape: LaneShape(lane), Role: LaneRole(lane)})
		d.word(Word{Key: fmt.Sprint("name ", lane),
			Text: fit(label, room-16, labelSize, true, false), At: Point{at.X + 10,
				at.Y}, Anchor: Start, Size: labelSize, Bold: true, Role: LaneRole(
				lane), Clear: true})
	}
	d.notes("waits", lines, Point{p.plot.X + 8, top + high*float64(len(names))}, Start)
}

// labels writes the newest value of each lane in a column beside a panel's plot, with the lane's
// name unless the lanes are named above. A thin line leads from a label that had to move to the end
// of its curve.
func (d *drawing) labels(p panel) {
	const beside = 10
	var words []Word
	ends := map[string]Point{}
	for lane, c := range p.curves[:len(d.r.lanes)] {
		if len(c) == 0 || c[len(c)-1].step == 0 {
			continue
		}
		last := c[len(c)-1]
		text := written(last.value, d.scale.unit)
		if !d.keyed {
			text = d.r.recipe.Lanes[lane].Label + " " + text
		}
		end := d.at(p, last)
		w := Word{Key: fmt.Sprint("label ", lane, " ", p.metric), Text: text,
			At: Point{p.plot.X + p.plot.W + beside,
				end.Y}, Anchor: Start, Size: labelSize, Bold: true, Role: LaneRole(lane)}
		if b := w.Box(); b.X+b.W <= p.box.X+p.box.W+1e-9 {
			words = append(words, w)
			ends[w.Key] = end
		}
	}
	top, bottom := max(p.plot.Y-5, p.box.Y+8), min(p.plot.Y+p.plot.H-2, p.box.Y+p.box.H-8)
	if !columnFits(len(words), bottom-top) && d.ticksEnd(p) <= p.plot.X+p.plot.W+beside {
		// beside the numbers below the plot, too
		bottom = min(p.plot.Y+p.plot.H+ticksHigh-labelSize/2, p.box.Y+p.box.H)
	}
	for _, w := range column(words, top, bottom) {
		d.word(w)
		end, to := ends[w.Key], Point{w.At.X - 3, w.At.Y}
		if to.X-end.X > 2*beside || math.Abs(to.Y-end.Y) > labelSize/2 {
			d.Lines = append(d.Lines,
				Line{Key: "lead " + w.Key, Points: []Point{end, to}, Width: 1, Role: w.Role,
					Alpha: 0.5})
		}
	}
}

// ticksEnd returns how far to the right the numbers below a panel's plot reach.
func (d *drawing) ticksEnd(p panel) (x float64) {
	for _, t := range p.ticks {
		box := Word{Text: t.text, At: Point{p.plot.X + t.at/d.reach*p.plot.W + t.shift, 0},
			Anchor: t.anchor, Size: tickSize}.Box()
		x = max(x, box.X+box.W)
	}
	return x
}
