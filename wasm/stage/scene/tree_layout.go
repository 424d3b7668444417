package scene

import "math"

const (
	leastSlot = 3.5 // of a response, in pixels; with more responses than that allows, the least probable are left out
	mostSlot  = 30.0
	wordSlot  = tickSize * 1.25 // from here on there is room for words
)

// lay places a trie in a box: depth is how far to the right, thickness is probability, and no two branches overlap. It
// returns the thickness of probability 1 and how many responses had to be left out.
func lay(root *branch, box Box, deepest int) (unit float64, left int) {
	ends := root.ends()
	if most := max(int(box.H/leastSlot), 1); len(ends) > most {
		left = len(ends) - most
		root.prune(ends[:most])
		ends = ends[:most]
	}
	slot := min(max(0.85*box.H/float64(max(len(ends), 1)), leastSlot), mostSlot)
	slot = min(slot, box.H/float64(max(len(ends), 1)))
	low, high := 0.0, min(0.4*box.H, 130)
	for range 40 { // the thickest that fits: heights grow with the thickness
		unit = (low + high) / 2
		if root.stretch(unit, slot) <= box.H {
			low = unit
		} else {
			high = unit
		}
	}
	unit = low
	root.stretch(unit, slot)
	step := box.W / float64(deepest+1) // the end of a response is a token, too
	root.settle(box.X, box.Y+(box.H-root.extent)/2, step, unit)
	return unit, left
}

// stretch works out how high a branch and what follows it must be.
func (b *branch) stretch(unit, slot float64) float64 {
	b.wide = unit * b.p
	b.extent = 0
	for _, c := range b.children {
		b.extent += c.stretch(unit, slot)
	}
	if b.leaf {
		b.extent = slot
	}
	b.extent = max(b.extent, b.wide)
	return b.extent
}

// settle gives a branch the height from top on and its children their parts of it.
func (b *branch) settle(left, top, step, unit float64) {
	b.x, b.y = left+float64(b.depth)*step, top+b.extent/2
	if b.leaf {
		b.x += step
	}
	below, leaving := 0.0, 0.0
	for _, c := range b.children {
		below += c.extent
		leaving += c.wide
	}
	b.out = b.y - leaving/2
	top += (b.extent - below) / 2
	for _, c := range b.children {
		c.settle(left, top, step, unit)
		top += c.extent
	}
}

// stem is where the way to a branch ends: before its mark, if it is a leaf.
func (b *branch) stem() float64 {
	if b.leaf {
		return b.x - 6
	}
	return b.x
}

// way is the middle of the ribbon from a parent to its child.
func way(from, to Point) (points []Point) {
	n := 1
	if math.Abs(from.Y-to.Y) > 0.25 {
		n = min(max(int(math.Abs(from.Y-to.Y)/2), 6), 16)
	}
	for i := range n + 1 {
		t := float64(i) / float64(n)
		points = append(points, Point{from.X + t*(to.X-from.X), from.Y + t*t*(3-2*t)*(to.Y-from.Y)})
	}
	return points
}

// moved is a polyline that much further down.
func moved(points []Point, by float64) []Point {
	down := make([]Point, len(points))
	for i, p := range points {
		down[i] = Point{p.X, p.Y + by}
	}
	return down
}
