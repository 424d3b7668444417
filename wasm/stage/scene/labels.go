package scene

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// noteHigh is the distance between the lines of a note.
const noteHigh = tickSize * 1.3

// columnHigh is the distance between the words of a column.
const columnHigh = labelSize * 1.3

// columnFits reports whether a column of n words has room between a top and a bottom that are so
// far apart.
func columnFits(n int, apart float64) bool { return float64(n-1)*columnHigh <= apart }

// column moves words up or down so that none covers another, and returns them from the highest to
// the lowest. Words stay as near to their places as possible. If there is no room for all, the
// lowest are left out.
func column(words []Word, top, bottom float64) []Word {
	if bottom < top {
		return nil
	}
	slices.SortStableFunc(words, func(a, b Word) int { return cmp.Compare(a.At.Y, b.At.Y) })
	words = words[:min(len(words), 1+int((bottom-top)/columnHigh))]
	for i := range words { // down, away from the word above
		least := top
		if i > 0 {
			least = words[i-1].At.Y + columnHigh
		}
		words[i].At.Y = max(words[i].At.Y, least)
	}
	for i := len(words) - 1; i >= 0; i-- { // up again, away from the bottom and the word below
		most := bottom
		if i+1 < len(words) {
			most = words[i+1].At.Y - columnHigh
		}
		words[i].At.Y = min(words[i].At.Y, most)
	}
	return words
}

// named arranges n panels that have labels on their right. labels returns the width of the widest
// label. If a panel is too narrow for it, the lanes are named above all panels instead, and keyed
// is true.
func (p *Picture) named(r *Record, n int, labels func(keyed bool) float64) (boxes []Box,
	keyed bool) {
	frame := Box{0, 0, p.w, p.h}.Inset(margin, margin, margin, margin)
	boxes = arrange(n, frame)
	if p.h < 200 || !slices.ContainsFunc(boxes,
		func(b Box) bool { return labels(false) > b.W*0.4 }) {
		return boxes, false
	}
	high := p.key(r.labels())
	if high > p.h/3 { // too many lanes for that
		p.Dots, p.Words = nil, nil
		return boxes, true
	}
	for i, b := range boxes { // the same arrangement below the names
		less := (frame.H - high) / frame.H
		boxes[i] = Box{b.X, frame.Y + high + (b.Y-frame.Y)*less, b.W, b.H * less}
	}
	return boxes, true
}

// key writes the names of the lanes, side by side where there is room, and returns the height.
func (p *Picture) key(labels []string) float64 {
	x, y := margin, margin
	for lane, text := range labels {
		text = fit(text, p.w-2*margin-18, labelSize, true, false)
		wide := 18 + Width(text, labelSize, true, false)
		if x > margin && x+wide > p.w-margin {
			x, y = margin, y+legendHigh
		}
		p.Dots = append(p.Dots,
			Dot{Key: fmt.Sprint("legend ", lane), At: Point{x + 6, y + 9}, Size: 10,
				Shape: LaneShape(lane), Role: LaneRole(lane)})
		p.word(Word{Key: fmt.Sprint("panel lane ", lane), Text: text, At: Point{x + 17, y + 9},
			Anchor: Start, Size: labelSize, Bold: true, Role: LaneRole(lane)})
		x += wide + 16
	}
	return y + legendHigh + 4
}

// broken breaks a text into lines of at most this width. It returns nil if a word is wider.
func broken(text string, wide float64) (lines []string) {
	for _, word := range strings.Fields(text) {
		if last := len(lines) - 1; last >= 0 && Width(lines[last]+" "+word, tickSize, false,
			false) <= wide {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
		if Width(lines[len(lines)-1], tickSize, false, false) > wide {
			return nil
		}
	}
	return lines
}

// notes writes lines, the first one at a place, on top of anything drawn there.
func (p *Picture) notes(key string, lines []string, at Point, anchor Anchor) {
	for i, line := range lines {
		p.word(Word{Key: fmt.Sprint("panel ", key, i), Text: line, At: Point{at.X, at.Y +
			noteHigh*float64(i)}, Anchor: anchor, Size: tickSize, Role: Soft, Clear: true})
	}
}

// noteBox returns the place of what notes writes.
func noteBox(lines []string, at Point, anchor Anchor) Box {
	wide := 0.0
	for _, line := range lines {
		wide = max(wide, Width(line, tickSize, false, false))
	}
	b := Box{at.X, at.Y - noteHigh/2, wide, noteHigh * float64(len(lines))}
	if anchor == End {
		b.X -= wide
	}
	return b
}

// crosses reports whether a line runs through a box.
func crosses(from, to Point, b Box) bool {
	enterX, leaveX := within(from.X, to.X, b.X, b.X+b.W)
	enterY, leaveY := within(from.Y, to.Y, b.Y, b.Y+b.H)
	return max(enterX, enterY) <= min(leaveX, leaveY)
}

// within returns which part of the way between two numbers lies between low and high, as shares of
// the way. enter is larger than leave if no part does.
func within(from, to, low, high float64) (enter, leave float64) {
	if from == to {
		if from < low || from > high {
			return 1, 0
		}
		return 0, 1
	}
	a, b := (low-from)/(to-from), (high-from)/(to-from)
	return max(0, min(a, b)), min(1, max(a, b))
}
