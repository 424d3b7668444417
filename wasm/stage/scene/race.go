package scene

import (
	"cmp"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/prose"
)

var race = Scene{
	Name:  "race",
	Title: "Race",
	Doc: "Each line is a lane: on the left the base model that it starts from, on the right " +
		"where it is now. The dashed line stays where the base was.",
	Shows:   func(Recipe) bool { return true },
	Picture: drawRace,
	Table:   tabulateRace,
}

// panel is a part of the race: one metric of all lanes.
type panel struct {
	title     string
	practised bool // this level is practised, and there are other panels
	doc       string
	metric    string
	kind      Series
	curves    [][]measurement // by track
	bands     [][]spread      // by lane

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
	all   []track
	axis  Axis
	reach float64 // the end of the x axis
	scale scale   // of all panels
	keyed bool    // the lanes are named above the panels, for lack of room beside the curves
	unit  string  // the title of the series whose unit was written last
}

func drawRace(r *Record, v View, w, h float64) Picture {
	d := drawing{Picture: &Picture{w: w, h: h}, r: r, all: r.tracks(), axis: v.axis()}
	if w < 1 || h < 1 {
		return *d.Picture
	}
	panels := r.panels(v)
	d.reach, d.scale = r.reach(d.axis, panels), scaleOf(panels)
	var boxes []Box
	boxes, d.keyed = d.named(r, len(panels), d.beside)
	for i, box := range boxes {
		p := &panels[i]
		d.place(p, box)
		d.frame(*p)
		for lane := range r.lanes {
			d.band(*p, lane)
		}
		eachBehind(d.all, func(i int) { d.curve(*p, i) })
		d.measure(*p)
		d.labels(*p)
	}
	if after, start := d.started(panels); len(panels) > 0 && !after {
		d.waits(slices.MaxFunc(panels,
			func(a, b panel) int { return cmp.Compare(a.plot.W, b.plot.W) }), start)
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

// panels returns the panels for the view's series: one for each level that has been measured, or
// for each level if none has. A series without levels has a single panel.
func (r *Record) panels(v View) (all []panel) {
	at := slices.IndexFunc(r.recipe.Series,
		func(s Series) bool { return strings.EqualFold(s.Name, v.Series) })
	if at >= 0 && !r.recipe.Series[at].Levels {
		s := r.recipe.Series[at]
		return []panel{r.panel(s.Title, s.Doc, s.Name)}
	}
	for i, l := range r.recipe.Levels {
		metric := l.Metric
		if at >= 0 {
			metric = r.recipe.Series[at].metric(l.Name)
		}
		all = append(all, r.panel(l.Title, l.Doc, metric))
		all[i].practised = i == 0 && len(r.recipe.Levels) > 1
	}
	if known := func(p panel) bool { return r.has(p.metric) }; slices.ContainsFunc(all, known) {
		all = slices.DeleteFunc(all, func(p panel) bool { return !known(p) })
	}
	return all
}

func (r *Record) panel(title, doc, metric string) panel {
	p := panel{title: title, doc: doc, metric: metric}
	p.kind, _ = r.recipe.seriesOf(metric)
	for _, t := range r.tracks() {
		p.curves = append(p.curves, t.curve(metric))
	}
	for lane := range r.lanes {
		p.bands = append(p.bands, r.spreads(lane, metric))
	}
	return p
}

// scaleOf returns the scale that panels share. For scores it always reaches from 0 to 1.
func scaleOf(panels []panel) scale {
	var values []float64
	unit := Share
	for _, p := range panels {
		unit = p.kind.Unit
		for _, curve := range p.curves {
			for _, m := range curve {
				values = append(values, m.value)
			}
		}
		for _, band := range p.bands {
			for _, s := range band {
				values = append(values, s.least, s.most)
			}
		}
	}
	if unit == Share && (len(values) == 0 ||
		slices.ContainsFunc(panels, func(p panel) bool { return p.kind.score() })) {
		return whole
	}
	return around(unit, values)
}

// score reports whether a series measures how good answers are.
func (s Series) score() bool {
	return s.Levels && slices.Contains([]string{"accuracy", "reward", "overlap"}, s.Name)
}

// reach returns the end of an axis: the most that a lane has used of it, or, for updates, will have
// used.
func (r *Record) reach(a Axis, panels []panel) float64 {
	most := 0.0
	if a.Name == axes[0].Name {
		for _, l := range r.recipe.Lanes {
			most = max(most, float64(l.Steps))
		}
	}
	for _, p := range panels {
		for _, curve := range p.curves {
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

// place divides a panel's box into title, plot, ticks and room for the labels beside the curves.
func (d *drawing) place(p *panel, box Box) {
	p.box, p.grid = box, d.scale.grid
	gutter := min(d.beside(d.keyed), box.W*0.4)
	if box.H < 100 {
		p.grid = d.scale.ends().grid
	}
	left := 10 + d.scale.gutter()
	p.plot = box.Inset(left, titleHigh+10, gutter, ticksHigh)
	if p.plot.H < 18 { // room for the curves alone
		p.plot, p.grid = box.Inset(left, min(6, box.H/4), gutter, min(6, box.H/4)), nil
		return
	}
	p.ticks = ticks(d.reach, p.plot.W, gutter, d.axis.Unit)
}

// beside returns the width of the widest label beside a curve. Labels have the name of their lane
// unless keyed is true.
func (d *drawing) beside(keyed bool) (wide float64) {
	wide = 10 + Width(d.widest(), labelSize, true, false)
	if keyed {
		return wide
	}
	for _, l := range d.r.recipe.Lanes {
		wide = max(wide, 10+Width(l.Label+" "+d.widest(), labelSize, true, false))
	}
	return wide
}

// widest returns the longest value that a label may show.
func (d *drawing) widest() string {
	if d.scale.unit == Share {
		return prose.Percent(0.999)
	}
	return "0.000"
}

// at returns the place of a measurement in a panel.
func (d *drawing) at(p panel, m measurement) Point {
	x := min(max(d.axis.of(m.step, m.cost)/d.reach, 0), 1)
	return Point{p.plot.X + x*p.plot.W, p.plot.Y + (1-d.scale.share(m.value))*p.plot.H}
}
