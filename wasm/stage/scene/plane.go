package scene

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
)

var plane = Scene{
	Name:    "plane",
	Title:   "Plane",
	Doc:     "What is gained against what is kept: each lane's way from the base, to the right as it gets better at what is practised, and down as it loses the skill from before.",
	Picture: drawPlane,
	Table:   tabulatePlane,
}

// endSize is that of the mark where a lane is.
const endSize = 12.0

// stop is where a lane was at a step: how good at the practised level and at the last one, the skill from before.
type stop struct {
	step         int
	gained, kept float64
	at           Point // in the picture
}

// stops are those of a lane, in the order of steps.
func (r *Record) stops(lane int) (all []stop) {
	if len(r.recipe.Levels) == 0 {
		return nil
	}
	curves := r.lanes[lane].curves
	for _, m := range curves[0] {
		kept := curves[len(curves)-1]
		if at, ok := slices.BinarySearchFunc(kept, m.step, func(m measurement, step int) int { return m.step - step }); ok {
			all = append(all, stop{step: m.step, gained: m.value, kept: kept[at].value})
		}
	}
	return all
}

func drawPlane(r *Record, _ View, w, h float64) Picture {
	p := Picture{w: w, h: h}
	plot := Box{0, 0, w, h}.Inset(margin+30, margin+titleHigh+8, margin+12, margin+2*ticksHigh)
	if plot.W < 60 || plot.H < 60 || len(r.recipe.Levels) == 0 {
		return p
	}
	p.scales(r, plot)
	var ends []end
	var all []path
	for lane := range r.lanes {
		trail := path{lane, r.stops(lane)}
		for i, s := range trail.stops {
			trail.stops[i].at = Point{plot.X + s.gained*plot.W, plot.Y + (1-s.kept)*plot.H}
		}
		if n := len(trail.stops); n > 0 {
			p.trail(trail)
			all, ends = append(all, trail), append(ends, end{lane, trail.stops[n-1]})
		}
	}
	p.name(r, plot, ends)
	p.read = func(at Point) Hover { return p.nearest(r, all, at) }
	return p
}

// path is a lane's from the base.
type path struct {
	lane  int
	stops []stop
}

// end is where a lane is now.
type end struct {
	lane int
	stop
}

// scales draws the plane without any lane.
func (p *Picture) scales(r *Record, plot Box) {
	for _, v := range []float64{0, 0.5, 1} {
		text := map[float64]string{0: "0", 0.5: ".5", 1: "1"}[v]
		x, y := plot.X+v*plot.W, plot.Y+(1-v)*plot.H
		p.Lines = append(p.Lines,
			Line{Key: fmt.Sprint("plane x", v), Points: []Point{{x, plot.Y}, {x, plot.Y + plot.H}}, Width: 1, Role: Rule, Alpha: 1},
			Line{Key: fmt.Sprint("plane y", v), Points: []Point{{plot.X, y}, {plot.X + plot.W, y}}, Width: 1, Role: Rule, Alpha: 1})
		p.word(Word{Key: fmt.Sprint("panel x", v), Text: text, At: Point{x, plot.Y + plot.H + 13}, Anchor: Middle, Size: tickSize, Role: Soft})
		p.word(Word{Key: fmt.Sprint("panel y", v), Text: text, At: Point{plot.X - 8, y}, Anchor: End, Size: tickSize, Role: Soft})
	}
	levels := r.recipe.Levels
	p.word(Word{Key: "panel kept", Text: fit("↑ "+levels[len(levels)-1].Title, p.w-2*margin, titleSize, true, false), At: Point{margin, margin + 9}, Anchor: Start, Size: titleSize, Bold: true, Role: Ink})
	p.word(Word{Key: "panel gained", Text: fit(levels[0].Title+", practised →", p.w-2*margin, titleSize, true, false), At: Point{p.w - margin, p.h - margin - 9}, Anchor: End, Size: titleSize, Bold: true, Role: Ink})
}

// trail draws a lane's way: small marks where it was measured, a ring at the base, a large mark where it is.
func (p *Picture) trail(w path) {
	key := fmt.Sprint("way ", w.lane)
	line := Line{Key: key, Width: 2, Role: LaneRole(w.lane), Alpha: 0.7}
	for i, s := range w.stops {
		line.Points = append(line.Points, s.at)
		d := Dot{Key: dotKey(w.lane, s.step), At: s.at, Size: 5, Shape: LaneShape(w.lane), Role: LaneRole(w.lane)}
		switch {
		case i == len(w.stops)-1:
			d.Size, d.Rim = endSize, 2
		case s.step == 0:
			d.Size, d.Shape, d.Role = 8, Disc, Soft
		}
		p.Dots = append(p.Dots, d)
	}
	p.Lines = append(p.Lines, line)
}

func dotKey(lane, step int) string { return fmt.Sprint("way ", lane, " ", step) }

// name writes beside the end of every lane whose it is and what it has kept: none upon another, nor upon an end as long as there is
// room.
func (p *Picture) name(r *Record, plot Box, ends []end) {
	slices.SortStableFunc(ends, func(a, b end) int { return cmp.Compare(a.at.Y, b.at.Y) })
	var marks, names []Box
	for _, e := range ends {
		marks = append(marks, Box{e.at.X - endSize/2, e.at.Y - endSize/2, endSize, endSize})
	}
	for _, e := range ends {
		w := Word{Key: fmt.Sprint("name ", e.lane), Text: r.recipe.Lanes[e.lane].Label + " " + share(e.kept), Size: labelSize, Bold: true, Role: LaneRole(e.lane)}
		for _, taken := range [][]Box{slices.Concat(names, marks), names} {
			if besides(&w, e.at, plot, taken) {
				p.word(w)
				names = append(names, w.Box())
				break
			}
		}
	}
}

// besides puts a word on the left or the right of a place, as near as there is room, if there is any.
func besides(w *Word, at Point, plot Box, taken []Box) bool {
	for try := range 24 {
		w.Anchor, w.At = End, Point{at.X - endSize, at.Y + float64((try/2+1)/2)*labelSize*float64(1-try/2%2*2)}
		if try%2 == 1 {
			w.Anchor, w.At.X = Start, at.X+endSize
		}
		b := w.Box()
		if b.X >= plot.X && b.X+b.W <= plot.X+plot.W && b.Y >= plot.Y && b.Y+b.H <= plot.Y+plot.H && !slices.ContainsFunc(taken, b.Meets) {
			return true
		}
	}
	return false
}

// nearest reads the measurement that is pointed at.
func (p *Picture) nearest(r *Record, all []path, pointer Point) (h Hover) {
	const near = 24.0
	least := near
	for _, w := range all {
		for _, s := range w.stops {
			away := math.Hypot(s.at.X-pointer.X, s.at.Y-pointer.Y)
			if away >= least {
				continue
			}
			least = away
			levels := r.recipe.Levels
			rows := []Row{
				{Text: fmt.Sprintf("%s after %d updates", r.recipe.Lanes[w.lane].Label, s.step), Role: LaneRole(w.lane)},
				{Text: levels[0].Title, Value: share(s.gained), Role: Ink},
				{Text: levels[len(levels)-1].Title, Value: share(s.kept), Role: Ink},
			}
			h = Hover{Dots: []Dot{{At: s.at, Size: 10, Shape: LaneShape(w.lane), Role: LaneRole(w.lane), Rim: 2}}, Tip: p.tip(s.at, rows)}
		}
	}
	return h
}

// tabulatePlane has a row for every place where a lane was.
func tabulatePlane(r *Record, _ View) Table {
	t := Table{Caption: "How good each lane was at what is practised, and what it had kept of the skill from before", Head: []string{"lane", "updates", "practised", "kept"}}
	for lane, l := range r.recipe.Lanes {
		for _, s := range r.stops(lane) {
			t.Rows = append(t.Rows, []string{l.Label, strconv.Itoa(s.step), share(s.gained), share(s.kept)})
		}
	}
	return t
}
