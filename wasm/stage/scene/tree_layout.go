package scene

import "math"

const (
	leastSlot = 3.5 // least height of a response; without room the least probable are left out
	mostSlot  = 30.0
	wordSlot  = tickSize * 1.25 // least height of a branch with text
	leafWide  = 18.0            // of the end of a response of merged symbols
	leastStep = 10.0            // least width of a branch with text

	promptHigh = 16.0 // height of a line of the prompt
)

// lay places a trie in a box, in columns that are as wide in relation to one another as given.
// Depth runs to the right, thickness is probability, and no two branches overlap. It returns the
// thickness of probability 1 and the number of responses left out.
func lay(root *branch, box Box, columns []float64) (unit float64, left int) {
	ends := root.ends()
	if most := max(int(box.H/leastSlot), 1); len(ends) > most {
		left = len(ends) - most
		root.prune(ends[:most])
		ends = ends[:most]
	}
	slot := min(max(0.85*box.H/float64(max(len(ends), 1)), leastSlot), mostSlot)
	slot = min(slot, box.H/float64(max(len(ends), 1)))
	low, high := 0.0, min(0.4*box.H, 130)
	for range 40 { // bisection for the largest thickness that fits
		unit = (low + high) / 2
		if root.stretch(unit, slot) <= box.H {
			low = unit
		} else {
			high = unit
		}
	}
	unit = low
	root.stretch(unit, slot)
	root.settle(edges(box, columns), box.Y+(box.H-root.extent)/2, unit)
	return unit, left
}

// edges returns the left edge of each column of a box, and the right edge of the last.
func edges(box Box, columns []float64) []float64 {
	all, before, total := []float64{box.X}, 0.0, 0.0
	for _, wide := range columns {
		total += wide
	}
	for _, wide := range columns {
		before += wide
		all = append(all, box.X+box.W*before/total)
	}
	return all
}

// stretch computes the height of a branch and of all that follow it.
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

// settle places a branch at top and its children within its height. The end of a response takes the
// column behind it, but no more than it needs.
func (b *branch) settle(edges []float64, top, unit float64) {
	b.x, b.y = edges[b.depth], top+b.extent/2
	if b.leaf {
		b.x = edges[b.depth+1]
		if b.merged {
			b.x = min(b.x, edges[b.depth]+leafWide)
		}
	}
	below, leaving := 0.0, 0.0
	for _, c := range b.children {
		below += c.extent
		leaving += c.wide
	}
	b.out = b.y - leaving/2
	top += (b.extent - below) / 2
	for _, c := range b.children {
		c.settle(edges, top, unit)
		top += c.extent
	}
}

// stem returns where the way to a branch ends. For a leaf that is before its mark.
func (b *branch) stem() float64 {
	if b.leaf {
		return b.x - 6
	}
	return b.x
}

// way returns the middle line of the ribbon from a parent to its child.
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

// moved returns a polyline moved down.
func moved(points []Point, by float64) []Point {
	down := make([]Point, len(points))
	for i, p := range points {
		down[i] = Point{p.X, p.Y + by}
	}
	return down
}
