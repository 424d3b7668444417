package scene

import (
	"fmt"
	"math"
	"strings"
)

// frame draws all of a panel but the curves: title, grid, numbers, and the base's line.
func (d *drawing) frame(p panel) {
	name := "panel " + p.metric
	for _, v := range p.grid {
		y := p.plot.Y + (1-d.scale.share(v))*p.plot.H
		d.Lines = append(d.Lines,
			Line{Key: fmt.Sprint(name, v), Points: []Point{{p.plot.X, y}, {p.plot.X + p.plot.W, y}},
				Width: 1, Role: Rule, Alpha: 1})
		d.word(Word{Key: fmt.Sprint(name, v), Text: d.scale.tick(v), At: Point{p.plot.X - 8, y},
			Anchor: End, Size: tickSize, Role: Soft})
	}
	for _, t := range p.ticks {
		x := p.plot.X + t.at/d.reach*p.plot.W
		d.word(Word{Key: fmt.Sprint(name, "x", t.text), Text: t.text, At: Point{x + t.shift,
			p.plot.Y + p.plot.H + 13}, Anchor: t.anchor, Size: tickSize, Role: Soft})
		d.Lines = append(d.Lines,
			Line{Points: []Point{{x, p.plot.Y + p.plot.H}, {x, p.plot.Y + p.plot.H + 4}}, Width: 1,
				Role: Rule, Alpha: 1})
	}
	if p.grid == nil {
		return
	}
	free := max(d.base(p), 40)
	titles := []string{p.title}
	if p.practised {
		titles = []string{p.title + ", practised", p.title}
	}
	d.word(Word{Key: name, Text: firstFit(free, titleSize, true, titles...),
		At: Point{p.box.X, p.box.Y + 9}, Anchor: Start, Size: titleSize, Bold: true, Role: Ink})
	d.spots = append(d.spots, spot{Box{p.box.X, p.box.Y, p.box.W, titleHigh - 4},
		func() []Row { return wrap(p.doc, 46, Soft) }})
}

// base draws the base's line and, if there is room beside the panel's title, its meaning. It
// returns the width that is left for the title.
func (d *drawing) base(p panel) (free float64) {
	free = p.box.W
	value, ok := d.baseOf(p)
	if !ok {
		return free
	}
	name, y := "panel "+p.metric+" base", p.plot.Y+(1-d.scale.share(value))*p.plot.H
	d.Lines = append(d.Lines, Line{Key: name, Points: []Point{{p.plot.X, y},
		{p.plot.X + p.plot.W, y}}, Width: 1.25, Role: Soft, Alpha: 0.7, Dash: 4})
	text := "base " + written(value, d.scale.unit)
	wide := Width(text, tickSize, false, false) + 22
	if left := free - wide - 12; left >= Width(p.title, titleSize, true, false) {
		free = left
		right := p.box.X + p.box.W
		d.word(Word{Key: name, Text: text, At: Point{right, p.box.Y + 9}, Anchor: End,
			Size: tickSize, Role: Soft})
		d.Lines = append(d.Lines,
			Line{Points: []Point{{right - wide, p.box.Y + 9}, {right - wide + 17, p.box.Y + 9}},
				Width: 1.25, Role: Soft, Alpha: 0.7, Dash: 4})
	}
	return free
}

// baseOf returns the value of a panel's metric before the first update of the recipe's lanes. ok is
// false if it is unknown.
func (d *drawing) baseOf(p panel) (value float64, ok bool) {
	for _, c := range p.curves[:len(d.r.lanes)] {
		if len(c) > 0 && c[0].step == 0 {
			return c[0].value, true
		}
	}
	return 0, false
}

// measure writes above the plot what its height stands for, if there is room and the panel before
// has not the same series.
func (d *drawing) measure(p panel) {
	if p.grid == nil || d.unit == p.kind.Title {
		return
	}
	d.unit = p.kind.Title
	texts, unit := []string{p.kind.Title}, p.kind.Unit
	if p.title == p.kind.Title {
		texts[0] = ""
	}
	if unit != Share && unit != "" && unit != p.kind.Title {
		texts = []string{strings.TrimPrefix(texts[0]+", "+unit, ", "), texts[0]}
	}
	d.word(Word{Key: "panel " + p.metric + " unit",
		Text: firstWhole(p.plot.W, tickSize, false, texts...), At: Point{p.plot.X,
			p.plot.Y - 10}, Anchor: Start, Size: tickSize, Role: Soft})
}

// curve draws a track's measurements in a panel: a line and, unless it is kept, small marks on it
// if there is room, and a larger mark at the end.
func (d *drawing) curve(p panel, number int) {
	measured, t := p.curves[number], d.all[number]
	if len(measured) == 0 {
		return
	}
	key := fmt.Sprint("curve ", number, " ", p.metric)
	line := t.line(key, 2.25, 1)
	last := math.Inf(-1)
	for i, m := range measured {
		at := d.at(p, m)
		line.Points = append(line.Points, at)
		if t.kept {
			continue
		}
		size, rim := 6.0, 0.0
		if len(measured) == 1 && m.step == 0 { // all lanes start at this place
			d.Dots = append(d.Dots,
				Dot{Key: fmt.Sprint(key, " ", m.step), At: at, Size: 8, Shape: Disc, Role: Soft})
			break
		}
		if i == len(measured)-1 {
			size, rim = 10, 2
		} else if at.X-last < 14 || i == 0 {
			continue
		}
		last = at.X
		d.Dots = append(d.Dots,
			Dot{Key: fmt.Sprint(key, " ", m.step), At: at, Size: size, Shape: LaneShape(t.look),
				Role: line.Role, Rim: rim})
	}
	d.line(line)
}

// wrap breaks a text into rows of a tip.
func wrap(text string, letters int, role Role) (rows []Row) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > letters {
			rows = append(rows, Row{Text: line, Role: role})
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line == "" {
		return rows
	}
	return append(rows, Row{Text: line, Role: role})
}
