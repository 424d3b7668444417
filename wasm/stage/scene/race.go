package scene

import "slices"

var race = Scene{
	Name:    "race",
	Title:   "Race",
	Doc:     "How good the lanes are at each level as they learn, from the base model on: the share of right answers, or the reward.",
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

func drawRace(r *Record, v View, w, h float64) Picture {
	d := drawing{Picture: &Picture{w: w, h: h}, r: r, axis: v.axis()}
	d.reach = r.reach(d.axis)
	if w < 1 || h < 1 {
		return *d.Picture
	}
	frame := Box{0, 0, w, h}.Inset(margin, margin, margin, margin)
	var panels []panel
	for level, box := range arrange(len(r.recipe.Levels), frame) {
		p := d.measurePanel(level, box)
		d.frame(p)
		for lane := range r.lanes {
			d.curve(p, lane)
		}
		d.labels(p)
		panels = append(panels, p)
	}
	d.read = func(at Point) Hover {
		for _, p := range panels {
			if p.box.Has(at) {
				return d.point(p, at)
			}
		}
		return Hover{}
	}
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
// other, or in pairs if that would make them too low.
func arrange(n int, frame Box) []Box {
	const gapX, gapY = 28, 14
	w, h := frame.W, frame.H
	if n == 0 {
		return nil
	}
	rows := [][2]float64{{float64(min(n, 2)), 1}} // how many panels, and their share of the height
	switch {
	case w < 480 && h/float64(n) >= 100:
		rows = slices.Repeat([][2]float64{{1, 1}}, n)
	case w < 480:
		rows = slices.Repeat([][2]float64{{2, 1}}, n/2)
		if n%2 == 1 {
			rows = append(rows, [2]float64{1, 1})
		}
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
			boxes = append(boxes, Box{frame.X + float64(i)*(wide+gapX), frame.Y + y, wide, high})
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
		gutter = max(gutter, 10+Width(l.Label+" 1.00", labelSize, true, false))
	}
	if gutter > box.W*0.4 { // no room for names
		gutter = min(10+Width("1.00", labelSize, true, false), box.W*0.4)
	}
	below := ticksHigh
	if box.H < 100 {
		p.grid = []float64{0, 1}
	}
	p.plot = box.Inset(26, titleHigh+6, gutter, below)
	if p.plot.H < 18 { // too little for anything but the curves
		p.plot, p.grid = box.Inset(26, min(6, box.H/4), gutter, min(6, box.H/4)), nil
		return p
	}
	p.ticks = ticks(d.reach, p.plot.W, gutter, d.axis.Unit)
	return p
}

// place is where a measurement lies in a panel.
func (d *drawing) place(p panel, m measurement) Point {
	x := min(max(d.axis.of(m.step, m.cost)/d.reach, 0), 1)
	return Point{p.plot.X + x*p.plot.W, p.plot.Y + (1-m.value)*p.plot.H}
}
