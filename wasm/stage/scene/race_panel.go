package scene

import (
	"fmt"
	"math"
	"strings"
)

// frame draws what a panel has without any curve: title, grid, numbers, and the base's accuracy.
func (d *drawing) frame(p panel) {
	l := d.r.recipe.Levels[p.level]
	name := "panel " + l.Name
	for _, y := range p.grid {
		at := p.plot.Y + (1-y)*p.plot.H
		d.Lines = append(d.Lines, Line{Key: fmt.Sprint(name, y), Points: []Point{{p.plot.X, at}, {p.plot.X + p.plot.W, at}}, Width: 1, Role: Rule, Alpha: 1})
		text := map[float64]string{0: "0", 0.5: ".5", 1: "1"}[y]
		d.word(Word{Key: fmt.Sprint(name, y), Text: text, At: Point{p.plot.X - 8, at}, Anchor: End, Size: tickSize, Role: Soft})
	}
	for _, t := range p.ticks {
		x := p.plot.X + t.at/d.reach*p.plot.W
		d.word(Word{Key: fmt.Sprint(name, "x", t.text), Text: t.text, At: Point{x + t.shift, p.plot.Y + p.plot.H + 13}, Anchor: t.anchor, Size: tickSize, Role: Soft})
		d.Lines = append(d.Lines, Line{Points: []Point{{x, p.plot.Y + p.plot.H}, {x, p.plot.Y + p.plot.H + 4}}, Width: 1, Role: Rule, Alpha: 1})
	}
	if p.grid == nil {
		return
	}
	free := p.box.W
	if base, ok := d.r.base(p.level); ok {
		y := p.plot.Y + (1-base)*p.plot.H
		d.Lines = append(d.Lines, Line{Key: name + "base", Points: []Point{{p.plot.X, y}, {p.plot.X + p.plot.W, y}}, Width: 1.25, Role: Soft, Alpha: 0.7, Dash: 4})
		text := "base " + share(base)
		wide := Width(text, tickSize, false, false) + 22
		if free -= wide + 12; free > 40 {
			right := p.box.X + p.box.W
			d.word(Word{Key: name + "base", Text: text, At: Point{right, p.box.Y + 9}, Anchor: End, Size: tickSize, Role: Soft})
			d.Lines = append(d.Lines, Line{Points: []Point{{right - wide, p.box.Y + 9}, {right - wide + 17, p.box.Y + 9}}, Width: 1.25, Role: Soft, Alpha: 0.7, Dash: 4})
		}
	}
	title := l.Title
	if p.level == 0 && len(d.r.recipe.Levels) > 1 {
		title += ", practised"
	}
	d.word(Word{Key: name, Text: fit(title, max(free, 40), titleSize, true, false), At: Point{p.box.X, p.box.Y + 9}, Anchor: Start, Size: titleSize, Bold: true, Role: Ink})
	d.spots = append(d.spots, spot{Box{p.box.X, p.box.Y, p.box.W, titleHigh - 4}, func() []Row { return wrap(l.Doc, 46, Soft) }})
}

// base is the accuracy at a level before any update.
func (r *Record) base(level int) (float64, bool) {
	for _, l := range r.lanes {
		if c := l.curves[level]; len(c) > 0 && c[0].step == 0 {
			return c[0].value, true
		}
	}
	return 0, false
}

// curve draws a lane's measurements in a panel: a line, a small mark at each where there is room, and a larger one at the end.
func (d *drawing) curve(p panel, lane int) {
	measured := d.r.lanes[lane].curves[p.level]
	if len(measured) == 0 {
		return
	}
	key := fmt.Sprint("curve ", lane, " ", p.level)
	line := Line{Key: key, Width: 2.25, Role: LaneRole(lane), Alpha: 1}
	last := math.Inf(-1)
	for i, m := range measured {
		at := d.place(p, m)
		line.Points = append(line.Points, at)
		size, rim := 6.0, 0.0
		if i == len(measured)-1 {
			size, rim = 10, 2
		} else if at.X-last < 14 || i == 0 {
			continue
		}
		last = at.X
		d.Dots = append(d.Dots, Dot{Key: fmt.Sprint(key, " ", m.step), At: at, Size: size, Shape: LaneShape(lane), Role: LaneRole(lane), Rim: rim})
	}
	d.Lines = append(d.Lines, line)
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
