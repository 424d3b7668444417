package scene

import (
	"math"
	"slices"
	"strconv"
)

var race = Scene{
	Name:    "race",
	Title:   "Race",
	Doc:     "Accuracy on each level as the lanes learn, from the base model on.",
	Picture: drawRace,
	Table:   tabulateRace,
}

// panel is the place of one level.
type panel struct {
	level int
	box   Box
	plot  Box // of the curves alone
	grid  []float64
	ticks []tick
}

// tick is a number on the x axis.
type tick struct {
	at   float64
	text string
}

const (
	titleSize = 13.0
	labelSize = 12.0
	tickSize  = 11.0
	titleHigh = 24.0
	ticksHigh = 20.0
)

// drawing is a race being drawn.
type drawing struct {
	*Picture
	r     *Record
	axis  Axis
	reach float64 // the end of the x axis
}

func drawRace(r *Record, v View, w, h float64, pointer *Point) Picture {
	d := drawing{Picture: &Picture{}, r: r, axis: v.axis()}
	d.reach = r.reach(d.axis)
	if w < 1 || h < 1 {
		return *d.Picture
	}
	boxes := arrange(len(r.recipe.Levels), w, h)
	for level, box := range boxes {
		p := d.measurePanel(level, box)
		d.frame(p)
		for lane := range r.lanes {
			d.curve(p, lane)
		}
		d.labels(p)
		if pointer != nil && box.Has(*pointer) {
			d.read(p, *pointer, w, h)
		}
	}
	d.point(w, h, pointer)
	return *d.Picture
}

// reach is the most that any lane has used up of an axis, or will have, where that is known.
func (r *Record) reach(a Axis) float64 {
	most := 0.0
	for i, l := range r.lanes {
		if a.Name == Axes[0].Name {
			most = max(most, float64(r.recipe.Lanes[i].Steps))
		}
		for _, curve := range l.curves {
			for _, m := range curve {
				most = max(most, a.of(m.step, m.cost))
			}
		}
	}
	if most <= 0 {
		return 1
	}
	return most
}

// arrange gives every level its place: the first two side by side above the others where there is room, else one below the
// other.
func arrange(n int, w, h float64) []Box {
	const gapX, gapY = 28, 12
	if n == 0 {
		return nil
	}
	rows := [][2]float64{{float64(min(n, 2)), 1}} // how many panels, and their share of the height
	switch {
	case w < 480:
		rows = slices.Repeat([][2]float64{{1, 1}}, n)
	case n > 2 && h < 380 && w >= 620:
		rows = [][2]float64{{float64(n), 1}}
	case n == 3:
		rows = [][2]float64{{2, 1}, {1, 0.55}}
	case n > 2:
		rows = [][2]float64{{2, 1}, {float64(n - 2), 0.75}}
	}
	total := 0.0
	for _, row := range rows {
		total += row[1]
	}
	var boxes []Box
	y, free := 0.0, max(h-gapY*float64(len(rows)-1), 0)
	for _, row := range rows {
		high, wide := free*row[1]/total, max((w-gapX*(row[0]-1))/row[0], 0)
		for i := range int(row[0]) {
			boxes = append(boxes, Box{float64(i) * (wide + gapX), y, wide, high})
		}
		y += high + gapY
	}
	return boxes
}

// measurePanel divides a panel's place into title, plot, ticks and room for the labels at the end of the curves.
func (d *drawing) measurePanel(level int, box Box) panel {
	p := panel{level: level, box: box, grid: []float64{0, 0.5, 1}}
	gutter := 0.0
	for _, l := range d.r.recipe.Lanes {
		gutter = max(gutter, Width(l.Label+" 1.00", labelSize, true, false))
	}
	gutter = min(gutter+10, box.W*0.36)
	below := ticksHigh
	if box.H < 100 {
		p.grid = []float64{0, 1}
	}
	p.plot = box.Inset(26, titleHigh+6, gutter, below)
	if p.plot.H < 12 { // too little for anything but the curves
		p.plot, p.grid = box.Inset(26, min(6, box.H/4), gutter, min(6, box.H/4)), nil
		return p
	}
	p.ticks = ticks(d.reach, p.plot.W, gutter, d.axis.Unit)
	return p
}

// ticks are round numbers far enough from each other. The first, zero, also says what is counted.
func ticks(reach, wide, beyond float64, unit string) []tick {
	first := fit("0 "+unit, wide, tickSize, false, false)
	all := []tick{{0, first}}
	step := niceStep(reach / max(1, math.Floor(wide/72)))
	free := Width(first, tickSize, false, false) + 10
	for i := 1; ; i++ {
		x := step * float64(i)
		if x > reach*(1+1e-9) || i > 99 {
			return all
		}
		text := amount(x)
		if reach < 5 && x != math.Trunc(x) {
			text = strconv.FormatFloat(x, 'g', 3, 64)
		}
		half := Width(text, tickSize, false, false) / 2
		at := x / reach * wide
		if at-half >= free && half <= beyond+wide-at {
			all = append(all, tick{x, text})
			free = at + half + 10
		}
	}
}

// niceStep is the least of 1, 2, 5, 10, 20, ... that is no less than x.
func niceStep(x float64) float64 {
	if x <= 0 || !finite(x) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, f := range []float64{1, 2, 5} {
		if f*power >= x*(1-1e-9) {
			return f * power
		}
	}
	return 10 * power
}

// place is where a measurement lies in a panel.
func (d *drawing) place(p panel, m measurement) Point {
	x := min(max(d.axis.of(m.step, m.cost)/d.reach, 0), 1)
	return Point{p.plot.X + x*p.plot.W, p.plot.Y + (1-m.value)*p.plot.H}
}
