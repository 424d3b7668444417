package scene

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/posttrain/posttrain/core/prose"
)

// ends writes the last value of each curve beside its end, with its name unless the lanes are named
// above. No text covers another, and those without room are left out.
func (p *Picture) ends(c chart) {
	var words []Word
	for _, each := range c.curves {
		last := len(each.at) - 1
		text := each.name + " " + prose.Percent(each.at[last])
		if 10+Width(text, labelSize, true, false) > c.gutter+1e-9 || c.keyed && each.lane >= 0 {
			text = prose.Percent(each.at[last])
		}
		if 10+Width(text, labelSize, true, false) > c.gutter+1e-9 {
			continue
		}
		at := c.at(float64(last), each.at[last])
		words = append(words, Word{Key: fmt.Sprint("end ", each.lane, " ", c.level), Text: text,
			At: Point{c.plot.X + c.plot.W + 10,
				at.Y}, Anchor: Start, Size: labelSize, Bold: true, Role: each.role()})
	}
	for _, w := range column(words, c.plot.Y-2, c.plot.Y+c.plot.H-2) {
		p.word(w)
	}
}

// crossing marks where the base overtakes a lane.
func (p *Picture) crossing(c chart, each passCurve) {
	if each.cross == 0 {
		return
	}
	exponent := math.Log2(each.cross)
	i := min(int(exponent), len(each.at)-2)
	height := each.at[i] + (exponent-float64(i))*(each.at[i+1]-each.at[i])
	at := c.at(exponent, height)
	key := fmt.Sprint("cross ", each.lane, " ", c.level)
	p.Dots = append(p.Dots,
		Dot{Key: key, At: at, Size: 13, Shape: Disc, Role: each.role(), Rim: 1},
		Dot{Key: key + " hole", At: at, Size: 7, Shape: Disc, Role: Paper})
	w := Word{Key: key, Text: "k ≈ " + tries(each.cross), Size: labelSize, Role: each.role(),
		Clear: true}
	for _, overCurves := range []bool{false, true} { // over one only if there is no other place
		for try := range 32 {
			y := float64(1+try/4) * 14
			w.Anchor, w.At = Start, Point{at.X + 10, at.Y + y}
			if try%2 == 1 {
				w.At.Y = at.Y - y
			}
			if try%4 >= 2 {
				w.Anchor, w.At.X = End, at.X-10
			}
			if b := w.Box(); c.plot.Contains(b) && !p.written(b) &&
				(overCurves || c.misses(b)) {
				p.word(w)
				return
			}
		}
	}
}

// written reports whether a word meets a box.
func (p *Picture) written(b Box) bool {
	return slices.ContainsFunc(p.Words, func(o Word) bool { return b.Meets(o.Box()) })
}

// misses reports whether no curve runs through a box.
func (c chart) misses(b Box) bool {
	for _, each := range c.curves {
		for i := range len(each.at) - 1 {
			if crosses(c.at(float64(i), each.at[i]), c.at(float64(i+1), each.at[i+1]), b) {
				return false
			}
		}
	}
	return true
}

// tries returns a k between measured ones as text.
func tries(k float64) string {
	if k < 9.5 {
		return strconv.FormatFloat(k, 'f', 1, 64)
	}
	return strconv.FormatFloat(k, 'f', 0, 64)
}

// tries shows the values of all curves at the k nearest to the pointer.
func (p *Picture) tries(c chart, pointer Point) (h Hover) {
	i := int(math.Round((pointer.X - c.plot.X) / c.plot.W * float64(c.reach())))
	i = min(max(i, 0), c.reach())
	guide := c.at(float64(i), 0).X
	rows := []Row{{Text: "at least one of " + plural(1<<i, "answer", "answers"), Role: Soft}}
	for _, each := range c.curves {
		if i >= len(each.at) {
			continue
		}
		rows = append(rows, Row{Text: each.name, Value: prose.Percent(each.at[i]),
			Role: each.role()})
		h.Dots = append(h.Dots,
			Dot{At: c.at(float64(i), each.at[i]), Size: 9, Shape: LaneShape(max(each.lane, 0)),
				Role: each.role(), Rim: 2})
	}
	h.Lines = append(h.Lines, Line{Points: []Point{{guide, c.plot.Y}, {guide, c.plot.Y + c.plot.H}},
		Width: 1, Role: Soft, Alpha: 0.6})
	h.Tip = p.tip(Point{guide, pointer.Y}, rows)
	return h
}

// tabulatePassK returns a row for each curve.
func tabulatePassK(r *Record, _ View) Table {
	t := Table{Caption: "Prompts that at least one of k answers solves, and from which k the " +
		"base is ahead of a lane that was ahead of it", Head: []string{"level", "lane"}}
	longest := 0
	for level := range r.recipe.Levels {
		for _, c := range r.passCurves(level) {
			longest = max(longest, len(c.at))
		}
	}
	for i := range longest {
		t.Head = append(t.Head, "k = "+strconv.Itoa(1<<i))
	}
	t.Head = append(t.Head, "the base is ahead from k")
	for level, l := range r.recipe.Levels {
		for _, c := range r.passCurves(level) {
			row := []string{l.Title, c.name}
			for i := range longest {
				cell := ""
				if i < len(c.at) {
					cell = prose.Percent(c.at[i])
				}
				row = append(row, cell)
			}
			cross := ""
			if c.cross > 0 {
				cross = tries(c.cross)
			}
			t.Rows = append(t.Rows, append(row, cross))
		}
	}
	return t
}
