package scene

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"

	"github.com/posttrain/posttrain/core/prose"
)

var passK = Scene{
	Name:  "passk",
	Title: "pass@k",
	Doc: "How many prompts are solved by at least one of k answers: to the right more tries, " +
		"upwards more prompts. The base is dashed, the lanes are as they end. " +
		"Where a lane was ahead of the base and falls behind it, a ring marks how many tries " +
		"that takes.",
	Shows:   func(r Recipe) bool { return r.PassK > 0 },
	Picture: drawPassK,
	Table:   tabulatePassK,
}

// chart is the part of the picture about one level.
type chart struct {
	level  int
	box    Box
	plot   Box // of the curves alone
	gutter float64
	curves []passCurve
	most   int  // answers to a prompt; 0 if that is unknown
	keyed  bool // the lanes are named above
}

// passCurve is pass@k of a lane, or of the base.
type passCurve struct {
	name  string
	lane  int       // -1: the base
	at    []float64 // [i]: pass@2^i
	cross float64   // the k from which the base is ahead, as returned by overtaken
}

func (c passCurve) role() Role {
	if c.lane < 0 {
		return Soft
	}
	return LaneRole(c.lane)
}

// passCurves returns the curves of a level: the base's, once it is measured, and those of the lanes
// that have ended.
func (r *Record) passCurves(level int) (all []passCurve) {
	var base []float64
	for lane := range r.lanes {
		if base = r.lanes[lane].tries[level].base; base != nil {
			all = append(all, passCurve{name: "base", lane: -1, at: base})
			break
		}
	}
	for lane := range r.lanes {
		if now := r.lanes[lane].tries[level].now; now != nil {
			all = append(all, passCurve{r.recipe.Lanes[lane].Label, lane, now,
				overtaken(now, base)})
		}
	}
	return all
}

// overtaken returns the k from which the base is ahead of a lane that was ahead of it for smaller
// k. It interpolates linearly in the logarithm of k. 0 means that there is no such k.
func overtaken(lane, base []float64) float64 {
	ahead := -1 // the last index at which the lane is ahead
	for i := range min(len(lane), len(base)) {
		switch d := lane[i] - base[i]; {
		case d > 0:
			ahead = i
		case d < 0 && ahead >= 0:
			before := lane[ahead] - base[ahead]
			return math.Exp2(float64(ahead) + float64(i-ahead)*before/(before-d))
		}
	}
	return 0
}

func drawPassK(r *Record, _ View, w, h float64) Picture {
	p := Picture{w: w, h: h}
	if w < 60 || h < 40 {
		return p
	}
	var charts []chart
	for level, l := range r.recipe.Levels {
		if curves := r.passCurves(level); len(curves) > 0 || r.recipe.PassK > 0 && l.Passed {
			charts = append(charts, chart{level: level, curves: curves, most: r.recipe.PassK})
		}
	}
	if len(charts) == 0 {
		p.say("pass@k is not measured here: the setting passk says from how many answers it is.")
		return p
	}
	boxes, keyed := p.named(r, len(charts), func(keyed bool) float64 { return endWide(r, keyed) })
	for i, box := range boxes {
		c := &charts[i]
		c.keyed = keyed
		c.place(box, endWide(r, keyed))
		if c.plot.H < 18 || c.plot.W < 40 {
			continue
		}
		p.chart(r, *c)
		if i == 0 {
			p.awaited(r, *c)
		}
	}
	p.read = func(at Point) Hover {
		for _, c := range charts {
			if c.box.Has(at) && c.plot.H >= 18 && c.plot.W >= 40 {
				return p.tries(c, at)
			}
		}
		return Hover{}
	}
	return p
}

// endWide returns the width of the longest label at the end of a curve. With keyed the labels of
// lanes have no names.
func endWide(r *Record, keyed bool) (wide float64) {
	names := []string{"base"}
	if !keyed {
		names = append(names, r.labels()...)
	}
	for _, name := range names {
		wide = max(wide, 10+Width(name+" "+prose.Percent(1), labelSize, true, false))
	}
	return wide
}

// place divides a chart's box into title, curves, numbers and room for the names beside the curves.
func (c *chart) place(box Box, gutter float64) {
	c.box, c.gutter = box, gutter
	if c.gutter > box.W*0.4 { // no room for names
		c.gutter = min(10+Width(prose.Percent(1), labelSize, true, false), box.W*0.4)
	}
	c.plot = box.Inset(10+whole.gutter(), titleHigh+6, c.gutter, ticksHigh)
}

// reach returns the exponent of the largest k that is measured, or that will be.
func (c *chart) reach() (n int) {
	n = max(0, bits.Len(uint(max(c.most, 0)))-1)
	for _, each := range c.curves {
		n = max(n, len(each.at)-1)
	}
	return n
}

// at returns the place for a share of solved prompts at the exponent of k.
func (c *chart) at(exponent, share float64) Point {
	return Point{c.plot.X + exponent/float64(max(1, c.reach()))*c.plot.W,
		c.plot.Y + (1-share)*c.plot.H}
}

// chart draws a level's curves.
func (p *Picture) chart(r *Record, c chart) {
	l := r.recipe.Levels[c.level]
	name := "panel " + l.Name
	p.word(Word{Key: name, Text: fit(l.Title, c.box.W, titleSize, true, false),
		At: Point{c.box.X, c.box.Y + 9}, Anchor: Start, Size: titleSize, Bold: true, Role: Ink})
	grid := whole.grid
	if c.plot.H < 50 {
		grid = whole.ends().grid
	}
	for _, y := range grid {
		at := c.at(0, y)
		p.Lines = append(p.Lines,
			Line{Key: fmt.Sprint(name, y), Points: []Point{at, {c.plot.X + c.plot.W, at.Y}},
				Width: 1, Role: Rule, Alpha: 1})
		p.word(Word{Key: fmt.Sprint(name, y), Text: whole.tick(y), At: Point{at.X - 8, at.Y},
			Anchor: End, Size: tickSize, Role: Soft})
	}
	p.powers(c, name+" k")
	for _, each := range c.curves {
		key := fmt.Sprint("pass ", each.lane, " ", c.level)
		line := Line{Key: key, Width: 2, Role: each.role(), Alpha: 1}
		for i, share := range each.at {
			at := c.at(float64(i), share)
			line.Points = append(line.Points, at)
			if each.lane >= 0 {
				p.Dots = append(p.Dots,
					Dot{Key: fmt.Sprint(key, " ", i), At: at, Size: 6, Shape: LaneShape(each.lane),
						Role: each.role()})
			}
		}
		if each.lane < 0 {
			line.Dash = 5
		}
		p.line(line)
	}
	p.ends(c)
	for _, each := range c.curves {
		p.crossing(c, each)
	}
}

// awaited writes into a chart which curves are still missing and when they appear. The text is in a
// corner that no curve runs through, at the bottom right if possible, or is left out.
func (p *Picture) awaited(r *Record, c chart) {
	lanes := 0
	for _, each := range c.curves {
		if each.lane >= 0 {
			lanes++
		}
	}
	text := "Each lane's curve appears at its end."
	switch {
	case len(c.curves) == 0:
		text = "The base's curve appears with the first measurement, each lane's at its end."
	case lanes > 0:
		return
	}
	for _, share := range []float64{1, 0.7, 0.5} { // of the width
		lines := broken(text, c.plot.W*share)
		high := noteHigh * float64(len(lines))
		for _, anchor := range []Anchor{End, Start} {
			for _, top := range []float64{c.plot.Y + c.plot.H - high - 3, c.plot.Y + 3} {
				at := Point{c.plot.X + 3, top + noteHigh/2}
				if anchor == End {
					at.X = c.plot.X + c.plot.W
				}
				b := noteBox(lines, at, anchor)
				if len(lines) > 0 && c.plot.Contains(b) && c.misses(b) {
					p.notes("awaited", lines, at, anchor)
					return
				}
			}
		}
	}
}

// powers writes the values of k below a chart, as many as there is room for.
func (p *Picture) powers(c chart, key string) {
	free := c.plot.X
	for i := range c.reach() + 1 {
		w := Word{Key: fmt.Sprint(key, i), Text: strconv.Itoa(1 << i), At: c.at(float64(i), 0),
			Anchor: Middle, Size: tickSize, Role: Soft}
		w.At.Y += 13
		if i == 0 {
			w.Text, w.Anchor = "k = 1", Start
		}
		if b := w.Box(); b.X >= free && b.X+b.W <= c.box.X+c.box.W {
			p.word(w)
			free = b.X + b.W + 8
		}
	}
}
