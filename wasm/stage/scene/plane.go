package scene

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
)

var plane = Scene{
	Name:  "plane",
	Title: "Plane",
	Doc: "Each line is a lane's way from the base, which is the grey dot, with a mark for every " +
		"measurement. To the right it has more of one measure, upwards more of another: " +
		"at first of what is practised and of the skill from before.",
	Shows:   func(r Recipe) bool { return len(r.Levels) > 1 },
	Picture: drawPlane,
	Table:   tabulatePlane,
}

// endSize is the size of the mark where a lane is now.
const endSize = 12.0

// stop has the place of a lane at a step.
type stop struct {
	step int
	x, y float64
	at   Point // in the picture
}

// direction is the measure of one of the plane's two axes.
type direction struct {
	metric, title string
	kind          Series
	scale         scale
}

// direction returns the measure with a name from a view. "" means the own metric of the level.
func (r *Record) direction(name string, level int) direction {
	metric := r.recipe.Levels[level].Metric
	if _, shown := r.recipe.seriesOf("eval/" + name); shown {
		metric = "eval/" + name
	} else if _, shown := r.recipe.seriesOf(name); shown {
		metric = name
	}
	d := direction{metric: metric}
	d.kind, _ = r.recipe.seriesOf(metric)
	d.title = d.kind.Title
	for _, l := range r.recipe.Levels {
		if d.kind.Levels && d.kind.metric(l.Name) == metric {
			d.title += ", " + l.Title
		}
	}
	var values []float64
	for _, t := range r.everything() {
		for _, m := range t.curve(metric) {
			values = append(values, m.value)
		}
	}
	d.scale = around(d.kind.Unit, values)
	if d.kind.score() || d.kind.Unit == Share && len(values) == 0 {
		d.scale = whole
	}
	return d
}

// directions returns the measures of a view's two axes.
func (r *Record) directions(v View) (x, y direction) {
	return r.direction(v.X, 0), r.direction(v.Y, len(r.recipe.Levels)-1)
}

// stops returns the places of a track in the order of steps.
func (t track) stops(x, y direction) (all []stop) {
	up := t.curve(y.metric)
	for _, m := range t.curve(x.metric) {
		if at, ok := slices.BinarySearchFunc(up, m.step, byStep); ok {
			all = append(all, stop{step: m.step, x: m.value, y: up[at].value})
		}
	}
	return all
}

func drawPlane(r *Record, v View, w, h float64) Picture {
	p := Picture{w: w, h: h}
	if len(r.recipe.Levels) == 0 {
		return p
	}
	x, y := r.directions(v)
	plot := Box{0, 0, w, h}.Inset(margin+10+y.scale.gutter(), margin+titleHigh+8, margin+12,
		margin+2*ticksHigh)
	if plot.W < 60 || plot.H < 60 {
		return p
	}
	p.scales(plot, x, y)
	place := func(s stop) Point {
		return Point{plot.X + x.scale.share(s.x)*plot.W, plot.Y + (1-y.scale.share(s.y))*plot.H}
	}
	for lane := range r.lanes {
		p.around(r, lane, x, y, place)
	}
	var ends []end
	var all []path
	tracks := r.tracks()
	eachBehind(tracks, func(number int) {
		trail := path{tracks[number], number, tracks[number].stops(x, y)}
		for i, s := range trail.stops {
			trail.stops[i].at = place(s)
		}
		if n := len(trail.stops); n > 0 {
			p.trail(trail)
			all = append(all, trail)
			if !trail.kept {
				ends = append(ends, end{number, trail.stops[n-1]})
			}
		}
	})
	p.name(r, plot, y, ends, all)
	p.read = func(at Point) Hover { return p.nearest(x, y, all, at) }
	return p
}

// path is the way of a track from the base.
type path struct {
	track
	number int
	stops  []stop
}

// end is where a lane of the recipe is now.
type end struct {
	lane int
	stop
}

// scales draws the axes of the plane.
func (p *Picture) scales(plot Box, x, y direction) {
	free := plot.X - 20.0 // where the next number may begin
	for _, v := range x.scale.grid {
		at := plot.X + x.scale.share(v)*plot.W
		p.Lines = append(p.Lines, Line{Key: fmt.Sprint("plane x", v),
			Points: []Point{{at, plot.Y},
				{at, plot.Y + plot.H}}, Width: 1, Role: Rule, Alpha: 1})
		word := Word{Key: fmt.Sprint("panel x", v), Text: x.scale.tick(v),
			At: Point{at, plot.Y + plot.H + 13}, Anchor: Middle, Size: tickSize, Role: Soft}
		word.At.X = min(at, p.w-margin-Width(word.Text, tickSize, false, false)/2)
		if b := word.Box(); b.X >= free {
			p.word(word)
			free = b.X + b.W + 8
		}
	}
	for _, v := range y.scale.grid {
		at := plot.Y + (1-y.scale.share(v))*plot.H
		p.Lines = append(p.Lines, Line{Key: fmt.Sprint("plane y", v),
			Points: []Point{{plot.X, at},
				{plot.X + plot.W, at}}, Width: 1, Role: Rule, Alpha: 1})
		p.word(Word{Key: fmt.Sprint("panel y", v), Text: y.scale.tick(v), At: Point{plot.X - 8, at},
			Anchor: End, Size: tickSize, Role: Soft})
	}
	p.word(Word{Key: "panel up",
		Text: "↑ " + firstFit(p.w-2*margin-20, titleSize, true, y.texts()...), At: Point{margin,
			margin + 9}, Anchor: Start, Size: titleSize, Bold: true, Role: Ink})
	p.word(Word{Key: "panel right", Text: firstFit(p.w-2*margin-20, titleSize, true,
		x.texts()...) + " →", At: Point{p.w - margin, p.h - margin -
		9}, Anchor: End, Size: titleSize, Bold: true, Role: Ink})
}

// texts returns titles of a direction, the longest first.
func (d direction) texts() []string {
	if u := d.kind.Unit; u != "" && u != Share {
		return []string{d.title + ", " + u, d.title, d.kind.Title}
	}
	return []string{d.title, d.kind.Title}
}

// trail draws the way of a track: a ring at the base, small marks where it was measured, and a
// large mark where it is now. A kept one has its line alone.
func (p *Picture) trail(w path) {
	line := w.line(fmt.Sprint("way ", w.number), 2, 0.7)
	for i, s := range w.stops {
		line.Points = append(line.Points, s.at)
		if w.kept {
			continue
		}
		d := Dot{Key: dotKey(w.number, s.step), At: s.at, Size: 5, Shape: LaneShape(w.look),
			Role: line.Role}
		switch {
		case i == len(w.stops)-1:
			d.Size, d.Rim = endSize, 2
		case s.step == 0:
			d.Size, d.Shape, d.Role = 8, Disc, Soft
		}
		p.Dots = append(p.Dots, d)
	}
	p.line(line)
}

func dotKey(lane, step int) string { return fmt.Sprint("way ", lane, " ", step) }

// name writes the name and the value of each lane beside the end of its way. No text covers
// another, nor an end if there is room elsewhere.
func (p *Picture) name(r *Record, plot Box, y direction, ends []end, all []path) {
	slices.SortStableFunc(ends, func(a, b end) int { return cmp.Compare(a.at.Y, b.at.Y) })
	var marks, names []Box
	for _, e := range ends {
		marks = append(marks, Box{e.at.X - endSize/2, e.at.Y - endSize/2, endSize, endSize})
	}
	for _, e := range ends {
		w := Word{Key: fmt.Sprint("name ", e.lane),
			Text: r.recipe.Lanes[e.lane].Label + " " + written(e.y,
				y.kind.Unit), Size: labelSize, Bold: true, Role: LaneRole(e.lane), Clear: true}
		for _, taken := range [][]Box{slices.Concat(names, marks), names} {
			if besides(&w, e.at, plot, taken, all) {
				p.word(w)
				names = append(names, w.Box())
				break
			}
		}
	}
}

// besides puts a word to the left or right of a place. It chooses among free places by distance and
// by the number of ways that run through them, and reports whether there is one.
func besides(w *Word, at Point, plot Box, taken []Box, ways []path) bool {
	const farther = 12 // pixels of distance that count as much as one way in the background
	best, least := *w, math.Inf(1)
	for try := range 24 {
		w.Anchor, w.At = End, Point{at.X - endSize,
			at.Y + float64((try/2+1)/2)*labelSize*float64(1-try/2%2*2)}
		if try%2 == 1 {
			w.Anchor, w.At.X = Start, at.X+endSize
		}
		b := w.Box()
		if b.X < plot.X || b.X+b.W > plot.X+plot.W || b.Y < plot.Y || b.Y+b.H > plot.Y+plot.H ||
			slices.ContainsFunc(taken, b.Meets) {
			continue
		}
		if cost := math.Abs(w.At.Y-at.Y) + farther*float64(through(b, ways)); cost < least {
			best, least = *w, cost
		}
	}
	*w = best
	return !math.IsInf(least, 1)
}

// through returns the number of pieces of ways that run through a box.
func through(b Box, ways []path) (n int) {
	for _, w := range ways {
		for i := 1; i < len(w.stops); i++ {
			if crosses(w.stops[i-1].at, w.stops[i].at, b) {
				n++
			}
		}
	}
	return n
}

// nearest shows the measurement nearest to the pointer.
func (p *Picture) nearest(x, y direction, all []path, pointer Point) (h Hover) {
	const near = 24.0
	least := near
	for _, w := range all {
		for _, s := range w.stops {
			away := math.Hypot(s.at.X-pointer.X, s.at.Y-pointer.Y)
			if away >= least {
				continue
			}
			least = away
			rows := []Row{
				{Text: fmt.Sprintf("%s after %d updates", w.label, s.step),
					Role: LaneRole(w.look)},
				{Text: x.title, Value: written(s.x, x.kind.Unit), Role: Ink},
				{Text: y.title, Value: written(s.y, y.kind.Unit), Role: Ink},
			}
			h = Hover{Dots: []Dot{{At: s.at, Size: 10, Shape: LaneShape(w.look),
				Role: LaneRole(w.look), Rim: 2}}, Tip: p.tip(s.at, rows)}
		}
	}
	return h
}

// tabulatePlane returns a row for each place of each lane.
func tabulatePlane(r *Record, v View) Table {
	t := Table{Caption: "Where each lane was at every measurement",
		Head: []string{"lane", "updates"}}
	if len(r.recipe.Levels) == 0 {
		return t
	}
	x, y := r.directions(v)
	t.Head = append(t.Head, x.texts()[0], y.texts()[0])
	for _, l := range r.everything() {
		for _, s := range l.stops(x, y) {
			t.Rows = append(t.Rows,
				[]string{l.label, strconv.Itoa(s.step), written(s.x, x.kind.Unit),
					written(s.y, y.kind.Unit)})
		}
	}
	return t
}
