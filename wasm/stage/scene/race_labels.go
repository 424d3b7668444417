package scene

import (
	"cmp"
	"fmt"
	"slices"
)

const labelHigh = labelSize * 1.3

// label is what stands at the end of a lane's curve.
type label struct {
	lane int
	end  Point
	y    float64
	text string
	wide float64
}

// labels names the lanes and their values at the end of their curves, none upon another.
func (d *drawing) labels(p panel) {
	var all []label
	for lane, l := range d.r.lanes {
		c := l.curves[p.level]
		if len(c) == 0 {
			continue
		}
		last := c[len(c)-1]
		end := d.place(p, last)
		text := d.r.recipe.Lanes[lane].Label + " " + share(last.value)
		if end.X+10+Width(text, labelSize, true, false) > p.box.X+p.box.W {
			text = share(last.value)
		}
		all = append(all, label{lane, end, end.Y, text, Width(text, labelSize, true, false)})
	}
	if !spread(all, p.plot.Y-5, p.plot.Y+p.plot.H-2) {
		return
	}
	for _, l := range all {
		d.word(Word{Key: fmt.Sprint("label ", l.lane, " ", p.level), Text: l.text, At: Point{l.end.X + 10, l.y}, Anchor: Start, Size: labelSize, Bold: true, Role: LaneRole(l.lane)})
	}
}

// spread moves labels up and down until none is upon another; false when they do not fit between top and bottom.
func spread(all []label, top, bottom float64) bool {
	meet := func(a, b label) bool { return a.end.X < b.end.X+b.wide && b.end.X < a.end.X+a.wide }
	slices.SortStableFunc(all, func(a, b label) int { return cmp.Compare(a.y, b.y) })
	for i := range all {
		all[i].y = max(all[i].y, top)
		for j := range i {
			if meet(all[i], all[j]) {
				all[i].y = max(all[i].y, all[j].y+labelHigh)
			}
		}
	}
	for i := len(all) - 1; i >= 0; i-- {
		all[i].y = min(all[i].y, bottom)
		for j := i + 1; j < len(all); j++ {
			if meet(all[i], all[j]) {
				all[i].y = min(all[i].y, all[j].y-labelHigh)
			}
		}
		if all[i].y < top-1e-9 {
			return false
		}
	}
	return true
}
