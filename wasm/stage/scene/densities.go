package scene

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/protocol"
)

var densities = Scene{
	Name:  "densities",
	Title: "Densities",
	Doc: "One part for each lane. Grey is the target density, in the lane's colour is its " +
		"own, and dashed is where that was at the start.",
	Shows:   Recipe.numbers,
	Lanes:   true,
	Picture: drawDensities,
	Table:   tabulateDensities,
}

// Component is a normal density with its share of a mixture.
type Component struct {
	Weight float64 `json:"weight"`
	Mean   float64 `json:"mean"`
	Std    float64 `json:"std"`
}

func (c Component) at(x float64) float64 {
	z := (x - c.Mean) / c.Std
	return c.Weight / c.Std * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
}

func (c Component) drawable() bool {
	return finite(c.Weight) && finite(c.Mean) && finite(c.Std) && c.Std > 0
}

// component has what a lane reported of one component of its density, at the first and at the
// latest step.
type component struct {
	known     bool
	from, to  int // steps
	start, is Component
}

// component adds the component of a level from a measurement that has one.
func (t *laneRecord) component(level int, name string, e protocol.Event) {
	c, found := Component{}, 0
	for _, m := range e.Metrics {
		for _, part := range []struct {
			name string
			to   *float64
		}{{"weight", &c.Weight}, {"mean", &c.Mean}, {"std", &c.Std}} {
			if m.Name == "eval/"+name+"/component_"+part.name {
				*part.to = m.Value
				found++
			}
		}
	}
	if found < 3 || !c.drawable() {
		return
	}
	k := &t.components[level]
	if !k.known || e.Step < k.from {
		k.from, k.start = e.Step, c
	}
	if !k.known || e.Step >= k.to {
		k.to, k.is = e.Step, c
	}
	k.known = true
}

// curve is a density that is drawn.
type curve struct {
	parts []Component
}

func (c curve) at(x float64) (sum float64) {
	for _, p := range c.parts {
		sum += p.at(x)
	}
	return sum
}

// target returns the density that the lanes learn, with a mode for each level. It has no parts if
// the recipe trains a network.
func (r *Record) target() (c curve) {
	for _, l := range r.recipe.Levels {
		if l.Mode != nil && l.Mode.drawable() {
			c.parts = append(c.parts, *l.Mode)
		}
	}
	return c
}

// densities returns a lane's density at the start and now, and the number of updates so far. The
// densities have no parts until they are measured.
func (t *laneRecord) densities() (start, now curve, step int) {
	for _, k := range t.components {
		if k.known {
			start.parts, now.parts = append(start.parts, k.start), append(now.parts, k.is)
			step = max(step, k.to)
		}
	}
	return start, now, step
}

const (
	densitiesFrom = -8.0
	densitiesTo   = 8.0
)

// densityPlot maps densities to places in a plot.
type densityPlot struct {
	box  Box
	high float64 // the density at the upper edge
}

func (d densityPlot) point(x, y float64) Point {
	return Point{d.box.X + (x-densitiesFrom)/(densitiesTo-densitiesFrom)*d.box.W,
		d.box.Y + d.box.H - min(y/d.high, 1)*d.box.H}
}

func (d densityPlot) points(c curve) (all []Point) {
	const cells = 160
	for i := range cells + 1 {
		x := densitiesFrom + (densitiesTo-densitiesFrom)*float64(i)/cells
		all = append(all, d.point(x, c.at(x)))
	}
	return all
}

// highest returns the density at the upper edge of the plots. Narrow peaks are cut off there.
func (r *Record) highest(target curve) float64 {
	most, peak := 0.0, 0.0
	for x := densitiesFrom; x <= densitiesTo; x += 0.05 {
		peak = max(peak, target.at(x))
		for i := range r.lanes {
			start, now, _ := r.lanes[i].densities()
			most = max(most, start.at(x), now.at(x))
		}
	}
	return 1.05 * max(min(most, 2*peak), peak)
}

func drawDensities(r *Record, _ View, w, h float64) Picture {
	p := Picture{w: w, h: h}
	target := r.target()
	if w < 120 || h < 100 {
		return p
	}
	if len(target.parts) == 0 {
		p.say("This recipe trains a network; the exhibit of the two densities is the one to " +
			"look at here.")
		return p
	}
	high := r.highest(target)
	for lane, box := range plots(len(r.lanes),
		Box{0, 0, w, h}.Inset(margin, margin, margin, margin)) {
		p.density(r, lane, box, target, high)
	}
	return p
}

// say writes a sentence over as many lines as it needs, into a picture with nothing else in it.
func (p *Picture) say(sentence string) {
	const high = labelSize * 1.5
	for i, line := range wrapped(sentence, p.w-2*margin, labelSize, false) {
		y := margin + 9 + high*float64(i)
		p.word(Word{Key: fmt.Sprint("panel none ", y),
			Text: fit(line, p.w-2*margin, labelSize, false, false), At: Point{margin, y},
			Anchor: Start, Size: labelSize, Role: Soft})
	}
}

// density draws the density of one lane.
func (p *Picture) density(r *Record, lane int, box Box, target curve, high float64) {
	key := "density " + strconv.Itoa(lane) + " "
	start, now, step := r.lanes[lane].densities()
	plot := densityPlot{box.Inset(4, headHigh+4, 4, ticksHigh), high}
	if len(now.parts) == 0 || plot.box.H < 20 || plot.box.W < 60 {
		p.head(r, lane, key, box, -1, "Nothing has been measured yet")
		return
	}
	p.head(r, lane, key, box, step, r.covered(lane)...)
	floor := []Point{plot.point(densitiesFrom, 0), plot.point(densitiesTo, 0)}
	p.Lines = append(p.Lines, Line{Key: key + "floor", Points: floor, Width: 1, Role: Rule,
		Alpha: 1})
	for x := -6.0; x <= 6; x += 3 {
		at := plot.point(x, 0)
		p.word(Word{Key: fmt.Sprint("panel ", key, x), Text: strconv.Itoa(int(x)),
			At: Point{at.X, at.Y + 12}, Anchor: Middle, Size: tickSize, Role: Soft})
	}
	ground := func(upper []Point) (lower []Point) {
		for _, at := range upper {
			lower = append(lower, Point{at.X, floor[0].Y})
		}
		return lower
	}
	aim, is := plot.points(target), plot.points(now)
	p.Areas = append(p.Areas,
		Area{Key: key + "target", Upper: aim, Lower: ground(aim), Role: Soft, Alpha: 0.22},
		Area{Key: key + "now", Upper: is, Lower: ground(is), Role: LaneRole(lane), Alpha: 0.15})
	p.Lines = append(p.Lines,
		Line{Key: key + "target", Points: aim, Width: 1, Role: Soft, Alpha: 1},
		Line{Key: key + "start", Points: plot.points(start), Width: 1.5, Role: LaneRole(lane),
			Alpha: 0.8, Dash: 4},
		Line{Key: key + "now", Points: is, Width: 2.5, Role: LaneRole(lane), Alpha: 1})
	const strips = 64
	for i := range strips {
		x := densitiesFrom + (densitiesTo-densitiesFrom)*(float64(i)+0.5)/strips
		p.spots = append(p.spots,
			spot{Box{plot.box.X + plot.box.W*float64(i)/strips, plot.box.Y, plot.box.W / strips,
				plot.box.H}, func() []Row {
				return []Row{
					{Text: "at " + figure(x), Role: Ink},
					{Text: "target", Value: figure(target.at(x)), Role: Soft},
					{Text: r.recipe.Lanes[lane].Label, Value: figure(now.at(x)),
						Role: LaneRole(lane)},
					{Text: "at the start", Value: figure(start.at(x)), Role: Soft},
				}
			}})
	}
}

// covered returns texts on the share of each mode that a lane covers, the longest first.
func (r *Record) covered(lane int) []string {
	var long, short, shortest []string
	for level, l := range r.recipe.Levels {
		if c := r.scored(lane, level); len(c) > 0 && l.Mode != nil {
			value := prose.Percent(c[len(c)-1].value)
			long, short, shortest = append(long, l.Title+" covered to "+value), append(short,
				l.Title+" "+value), append(shortest, l.Name+" "+value)
		}
	}
	return []string{strings.Join(long, ", "), strings.Join(short, ", "),
		strings.Join(shortest, ", ")}
}

// tabulateDensities returns a row for each component of the target and of each lane's density, at
// the start and now.
func tabulateDensities(r *Record, _ View) Table {
	t := Table{Caption: "The components of the target and of every lane's density, and which " +
		"share of the target's mode is covered", Head: []string{"density", "updates", "component",
		"weight", "mean", "deviation", "covered"}}
	row := func(of, step, name string, c Component, covered string) {
		t.Rows = append(t.Rows,
			[]string{of, step, name, figure(c.Weight), figure(c.Mean), figure(c.Std), covered})
	}
	for _, l := range r.recipe.Levels {
		if l.Mode != nil {
			row("target", "", l.Title, *l.Mode, "")
		}
	}
	for lane, l := range r.recipe.Lanes {
		for level, k := range r.lanes[lane].components {
			title, curve, covered := r.recipe.Levels[level].Title, r.scored(lane, level), ""
			if len(curve) > 0 {
				covered = prose.Percent(curve[len(curve)-1].value)
			}
			switch {
			case k.known:
				row(l.Label, strconv.Itoa(k.from), title, k.start, "")
				row(l.Label, strconv.Itoa(k.to), title, k.is, covered)
			case covered != "" && r.recipe.Levels[level].Mode != nil:
				t.Rows = append(t.Rows,
					[]string{l.Label, strconv.Itoa(curve[len(curve)-1].step), title, "", "", "",
						covered})
			}
		}
	}
	return t
}
