package scene

import "math"

// point shows values for the measurement nearest to the pointer: of each track the measurement that
// is nearest to that one.
func (d *drawing) point(p panel, pointer Point) (h Hover) {
	if pointer.Y < p.plot.Y-6 && p.grid != nil {
		return h // the title has a tip of its own
	}
	at, guide := math.Inf(1), 0.0
	d.each(p, func(_ int, _ measurement, place Point) {
		if away := math.Abs(place.X - pointer.X); away < at {
			at, guide = away, place.X
		}
	})
	if math.IsInf(at, 1) {
		return h
	}
	spent := func(m measurement) string { return amount(d.axis.of(m.step, m.cost)) }
	var rows []Row
	for number, t := range d.all {
		m, place, ok := d.nearest(p, number, guide, pointer.Y)
		if !ok {
			continue
		}
		text := t.label
		if place.X != guide {
			text += " at " + spent(m)
		} else if len(rows) == 0 || rows[0].Role != Soft {
			rows = append([]Row{{Text: spent(m) + " " + d.axis.Unit, Role: Soft}}, rows...)
		}
		rows = append(rows, Row{Text: text, Value: written(m.value, d.scale.unit),
			Role: LaneRole(t.look)})
		h.Dots = append(h.Dots,
			Dot{At: place, Size: 9, Shape: LaneShape(t.look), Role: LaneRole(t.look), Rim: 2})
	}
	h.Lines = append(h.Lines, Line{Points: []Point{{guide, p.plot.Y}, {guide, p.plot.Y + p.plot.H}},
		Width: 1, Role: Soft, Alpha: 0.6})
	h.Tip = d.tip(Point{guide, pointer.Y}, rows)
	return h
}

// each calls a function for each measurement of a panel.
func (d *drawing) each(p panel, visit func(track int, m measurement, place Point)) {
	for number, curve := range p.curves {
		for _, m := range curve {
			visit(number, m, d.at(p, m))
		}
	}
}

// nearest returns the track's measurement nearest to a guide. Among measurements at the same
// distance to the right or left it prefers the one nearest in height.
func (d *drawing) nearest(p panel, number int, x, y float64) (found measurement, place Point,
	ok bool) {
	const together = 0.5
	bestX, bestY := math.Inf(1), math.Inf(1)
	d.each(p, func(of int, m measurement, at Point) {
		dx, dy := math.Abs(at.X-x), math.Abs(at.Y-y)
		if of == number && (dx < bestX-together || dx < bestX+together && dy < bestY) {
			bestX, bestY, found, place, ok = dx, dy, m, at, true
		}
	})
	return found, place, ok
}
