package scene

import (
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/posttrain/posttrain/core/protocol"
)

var tree = Scene{
	Name:  "tree",
	Title: "Tree",
	Doc: "All responses to one prompt as a tree. The thickness of a branch is its " +
		"probability; a response ends in a tick when it is right and in a cross when it is not, " +
		"or in its reward where it can be partly right.",
	Shows:   Recipe.networks,
	Lanes:   true,
	Picture: drawTree,
	Table:   tabulateTree,
}

func drawTree(r *Record, _ View, w, h float64) Picture {
	p := Picture{w: w, h: h}
	if w < 1 || h < 1 {
		return p
	}
	roots, columns := make([]*branch, len(r.lanes)), []float64{1, 1}
	for lane := range r.lanes {
		if l := r.lanes[lane].latest(); l != nil {
			roots[lane] = grow(l.samples)
			columns = roots[lane].columns(columns)
		}
	}
	for lane, box := range plots(len(r.lanes),
		Box{0, 0, w, h}.Inset(margin, margin, margin, margin)) {
		own := columns
		if root := roots[lane]; root != nil && root.words { // lanes may use other words
			own = root.columns([]float64{1, 1})
		}
		p.tree(r, lane, roots[lane], box, own)
	}
	return p
}

// plots returns the places of the lanes' trees.
func plots(n int, frame Box) (boxes []Box) {
	const gap = 24
	w, h := frame.W, frame.H
	columns := min(n, 2)
	if w < 480 && h/float64(max(n, 1)) >= 150 {
		columns = 1
	}
	if n == 3 && w >= 1000 {
		columns = 3
	}
	if n == 0 {
		return nil
	}
	rows := (n + columns - 1) / columns
	wide := max(w-gap*float64(columns-1), 0) / float64(columns)
	high := max(h-gap*float64(rows-1), 0) / float64(rows)
	for i := range n {
		boxes = append(boxes, Box{frame.X + float64(i%columns)*(wide+gap),
			frame.Y + float64(i/columns)*(high+gap), wide, high})
	}
	return boxes
}

// tree draws the tree of one lane.
func (p *Picture) tree(r *Record, lane int, root *branch, box Box, columns []float64) {
	key := "tree " + strconv.Itoa(lane) + " "
	if root == nil || root.drawn == 0 {
		p.head(r, lane, key, box, -1, "No responses yet")
		return
	}
	l := r.lanes[lane].latest()
	var above []string
	left, top := 8+Width(l.prompt, labelSize, false, true), headHigh
	if root.words {
		above = wrapped(l.prompt, box.W, labelSize, false)
	} else if box.W < 240 || left > box.W/3 {
		above = chopped(l.prompt, box.W, labelSize)
	}
	if above != nil {
		left, top = 4, headHigh+2+float64(len(above))*promptHigh
	}
	right := 12 + Width(".0000", tickSize, false, false)
	place := box.Inset(left, top, right, 4)
	if place.H < 24 {
		p.head(r, lane, key, box, -1)
		return
	}
	if !root.words && place.W < leastStep*float64(len(columns)) {
		root.merge("")
		columns = root.columns([]float64{1, 1})
	}
	unit, out := lay(root, place, columns)
	p.head(r, lane, key, box, l.step, root.sums(out)...)
	if above == nil {
		p.word(Word{Key: key + "prompt", Text: l.prompt, At: Point{place.X - 6, root.y},
			Anchor: End, Size: labelSize, Mono: true, Role: Ink})
	}
	p.promptLines(key, box, above, !root.words)
	p.Areas = append(p.Areas, Area{Key: key + "root", Upper: []Point{{place.X - 2, root.y - unit/2},
		{place.X, root.y - unit/2}}, Lower: []Point{{place.X - 2, root.y + unit/2}, {place.X,
		root.y + unit/2}}, Role: LaneRole(lane), Alpha: 1})
	root.each(func(parent, b *branch) { p.branch(l, lane, key, parent, b) })
}

// promptLines writes a prompt in lines below the head of a lane's part of a picture.
func (p *Picture) promptLines(key string, box Box, lines []string, mono bool) {
	for i, line := range lines {
		p.word(Word{Key: fmt.Sprint(key, "prompt ", i), Text: line,
			At: Point{box.X, box.Y + headHigh + promptHigh*(float64(i)+0.5)}, Anchor: Start,
			Size: labelSize, Mono: mono, Role: Ink})
	}
}

// sums returns summaries of the tree, the longest first, with the number of responses left out.
func (b *branch) sums(out int) []string {
	ends, mass := b.ends(), 0.0
	for _, e := range ends {
		mass += e.p
	}
	good := strconv.Itoa(b.right) + " right"
	if b.mark == protocol.Graded {
		good = "mean reward " + share(b.meanReward()) + " (gold)"
	}
	short := fmt.Sprintf("%d drawn, %s, %d different", b.drawn, good, len(ends)+out)
	if out > 0 {
		return []string{fmt.Sprintf("%s, the %d likeliest shown", short, len(ends)), short}
	}
	return []string{short + ", with " + probability(min(mass, 1)) + " of all probability", short}
}

// branch draws the way from a parent to one of its children, and the child's text.
func (p *Picture) branch(l *look, lane int, key string, parent, b *branch) {
	key += b.prefix
	if b.leaf {
		key += map[bool]string{false: ".", true: "…"}[b.cut]
	}
	if !b.joined {
		p.ribbon(lane, key, parent, b)
	}
	parent.out += b.wide
	p.spots = append(p.spots, spot{Box{parent.x, b.y - b.extent/2, b.x - parent.x + 6, b.extent},
		func() []Row { return b.rows(l, parent) }})
	if b.leaf {
		p.ending(key, b)
	} else if b.extent >= wordSlot && b.x-parent.x >= leastStep {
		word := Word{Key: key, Text: b.symbol, At: Point{b.x - 5, b.y}, Anchor: Middle,
			Size: tickSize, Mono: true, Role: Ink, Clear: b.wide < 8}
		switch room := b.x - parent.x - 8; {
		case b.words:
			word.Text, word.Mono = fitWords(b.symbol, room, tickSize), false
		case b.merged:
			word.Text = fit(b.symbol, room, tickSize, false, true)
		}
		if b.merged {
			word.At, word.Anchor = Point{b.x - 3, b.y}, End
		}
		p.word(word)
	}
}

// ending draws the mark at the end of a response: a tick or a cross and the probability, or the
// reward.
func (p *Picture) ending(key string, b *branch) {
	roomy, graded := b.extent >= wordSlot, b.mark == protocol.Graded
	switch {
	case graded && roomy:
		p.mark(key, Point{b.x + markWide(b.mark)/2, b.y}, tickSize, b.mark, b.meanReward())
	case !graded:
		p.mark(key, Point{b.x, b.y}, min(b.extent*0.9, 11), b.mark, b.meanReward())
		if roomy {
			p.word(Word{Key: key, Text: probability(b.p), At: Point{b.x + 10, b.y}, Anchor: Start,
				Size: tickSize, Role: Soft})
		}
	}
}

// ribbon draws the way itself. A thin one is a line, which continues through later branches as long
// as they are as thin.
func (p *Picture) ribbon(lane int, key string, parent, b *branch) {
	const thin, thinnest = 2, 0.75
	alpha := 0.3 + 0.55*math.Exp(-b.wide/4)
	middle := way(Point{parent.x, parent.out + b.wide/2}, Point{b.stem(), b.y})
	if b.wide >= thin {
		p.Areas = append(p.Areas,
			Area{Key: key, Upper: moved(middle, -b.wide/2), Lower: moved(middle, b.wide/2),
				Role: LaneRole(lane), Alpha: alpha})
		return
	}
	wide := max(b.wide, thinnest)
	last := b
	for len(last.children) == 1 && max(last.children[0].wide, thinnest) > 0.9*wide {
		last = last.children[0]
		last.joined = true
	}
	if last != b {
		middle = append(middle, Point{last.stem(), b.y})
	}
	p.Lines = append(p.Lines, Line{Key: key, Points: middle, Width: wide, Role: LaneRole(lane),
		Alpha: alpha})
}

// rows returns the tip of a branch.
func (b *branch) rows(l *look, parent *branch) []Row {
	rows := []Row{{Text: l.with(b.prefix), Role: Ink, Mono: !b.words}}
	if b.cut {
		rows = append(rows, Row{Text: "cut off here", Role: Soft})
	}
	rows = append(rows, Row{Text: "probability", Value: probability(b.p), Role: Soft})
	if !b.leaf && parent.p > 0 {
		what := "of this symbol"
		switch {
		case b.words:
			what = "of these words"
		case utf8.RuneCountInString(b.symbol) > 1:
			what = "of these symbols"
		}
		rows = append(rows, Row{Text: what, Value: probability(b.p / parent.p), Role: Soft})
	}
	rows = append(rows, Row{Text: "drawn", Value: strconv.Itoa(b.drawn), Role: Soft})
	if b.leaf || b.mark == protocol.Graded {
		return append(rows, Row{Text: "reward", Value: share(b.meanReward()), Role: Soft})
	}
	return append(rows, Row{Text: "right", Value: strconv.Itoa(b.right), Role: Soft})
}
