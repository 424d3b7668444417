package scene

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/protocol"
)

var weights = Scene{
	Name:  "weights",
	Title: "Weights",
	Doc: "What training has done to every matrix of the model, from the first layer down. Left: " +
		"how large the update is beside the base's weights. Right: over how many " +
		"directions it is spread, as a share of those there are (effective rank).",
	Shows:   Recipe.networks,
	Picture: drawWeights,
	Table:   tabulateWeights,
}

const (
	legendHigh = 18.0
	leastWords = 14.0 // in lower rows, layers are named instead of matrices
)

// gauge is one of the two quantities.
type gauge struct {
	name   string
	titles []string // the longest first
	box    Box      // of the marks
	reach  float64
	of     func(protocol.Matrix) float64
}

func drawWeights(r *Record, _ View, w, h float64) Picture {
	p := Picture{w: w, h: h}
	names := r.matrices()
	if w < 120 || h < 120 || len(r.lanes) == 0 {
		return p
	}
	if len(names) == 0 {
		p.say("Nothing has been measured yet")
		return p
	}
	long := w >= 560
	gutter := 8.0
	for _, name := range names {
		gutter = max(gutter, 12+Width(matrixName(name, long), tickSize, false, false))
	}
	top := margin + p.legend(r) + titleHigh
	left, wide := margin+gutter, (w-2*margin-gutter-36)/2
	high := h - top - margin - ticksHigh
	if wide < 50 || high < 24 {
		return p
	}
	gauges := []gauge{
		{"size", []string{"Size of the update, beside the weights", "Size of the update",
			"Update size", "Size"}, Box{left, top, wide, high}, r.largest(), relative},
		{"rank", []string{"Effective rank, of the most it can be", "Effective rank", "Rank"},
			Box{left + wide + 24, top, wide, high}, 1, rankShare},
	}
	for _, g := range gauges {
		p.gauge(g)
		for lane := range r.lanes {
			p.marks(r, lane, g, names)
		}
	}
	p.matrixNames(names, long, left, gauges[0].box)
	for i, name := range names {
		row := rowOf(gauges[0].box, i, len(names))
		p.spots = append(p.spots, spot{Box{margin, row.Y, w - 2*margin, row.H},
			func() []Row { return r.matrixRows(name) }})
	}
	return p
}

// matrices returns the names of all matrices that are not vectors, in the model's order.
func (r *Record) matrices() (names []string) {
	for _, l := range r.lanes {
		for _, m := range l.compared.matrices {
			if m.Rows > 1 {
				names = append(names, m.Name)
			}
		}
		if names != nil {
			return names
		}
	}
	return nil
}

// matrix returns a lane's matrix with this name.
func (t laneRecord) matrix(name string) (protocol.Matrix, bool) {
	for _, m := range t.compared.matrices {
		if m.Name == name {
			return m, true
		}
	}
	return protocol.Matrix{}, false
}

// relative returns the size of an update relative to the base's.
func relative(m protocol.Matrix) float64 {
	if m.Base <= 0 {
		return 0
	}
	return m.Norm / m.Base
}

// rankShare returns the effective rank as a share of the largest possible.
func rankShare(m protocol.Matrix) float64 { return min(m.Rank/float64(min(m.Rows, m.Cols)), 1) }

// largest returns the largest relative size of an update, and 1 if there is none.
func (r *Record) largest() float64 {
	most := 0.0
	for _, l := range r.lanes {
		for _, m := range l.compared.matrices {
			if m.Rows > 1 {
				most = max(most, relative(m))
			}
		}
	}
	if most == 0 {
		return 1
	}
	return most
}

// matrixName returns a name for people: "layer 2 gate" or, if short, "2 gate".
func matrixName(name string, long bool) string {
	parts := strings.Split(name, ".")
	number, err := strconv.Atoi(parts[min(1, len(parts)-1)])
	if len(parts) < 3 || err != nil {
		return name
	}
	text := strconv.Itoa(number+1) + " " + parts[len(parts)-1]
	if long {
		return "layer " + text
	}
	return text
}

// layerName returns the common name of a layer's matrices. Other matrices have their own names.
func layerName(name string, long bool) string {
	text := matrixName(name, long)
	if at := strings.LastIndex(text, " "); at > 0 {
		return text[:at]
	}
	return text
}

// rowOf returns the place of a row among n.
func rowOf(plot Box, i, n int) Box {
	high := plot.H / float64(n)
	return Box{plot.X, plot.Y + float64(i)*high, plot.W, high}
}

// legend writes the names of the lanes with the numbers of updates. It returns its height.
func (p *Picture) legend(r *Record) float64 {
	labels := r.labels()
	for lane := range labels {
		if c := r.lanes[lane].compared; c.matrices != nil {
			labels[lane] += " after " + plural(c.step, "update", "updates")
		}
	}
	return p.key(labels)
}

// gauge draws a scale with its title.
func (p *Picture) gauge(g gauge) {
	key := "panel " + g.name
	p.word(Word{Key: key, Text: firstFit(g.box.W, titleSize, true, g.titles...),
		At: Point{g.box.X, g.box.Y -
			titleHigh/2}, Anchor: Start, Size: titleSize, Bold: true, Role: Ink})
	for i, anchor := range []Anchor{Start, Middle, End} {
		share := float64(i) / 2
		x := g.box.X + share*g.box.W
		p.Lines = append(p.Lines,
			Line{Key: fmt.Sprint(key, i), Points: []Point{{x, g.box.Y}, {x, g.box.Y + g.box.H}},
				Width: 1, Role: Rule, Alpha: 1})
		if text := quantity(share * g.reach); i != 1 || g.box.W > 110 {
			p.word(Word{Key: fmt.Sprint(key, i), Text: text, At: Point{x, g.box.Y + g.box.H + 11},
				Anchor: anchor, Size: tickSize, Role: Soft})
		}
	}
}

// quantity returns a number with two digits: 0, .11, 2.3, 4e-5.
func quantity(x float64) string {
	text := strings.Replace(strconv.FormatFloat(x, 'g', 2, 64), "e-0", "e-", 1)
	if strings.HasPrefix(text, "0.") {
		return text[1:]
	}
	return text
}

// marks draws the marks of a lane, one below the other and joined by a line.
func (p *Picture) marks(r *Record, lane int, g gauge, names []string) {
	key := fmt.Sprint(g.name, " ", lane)
	line := Line{Key: key, Width: 1.5, Role: LaneRole(lane), Alpha: 0.5}
	for i, name := range names {
		m, ok := r.lanes[lane].matrix(name)
		if !ok {
			continue
		}
		row := rowOf(g.box, i, len(names))
		at := Point{row.X + min(max(g.of(m)/g.reach, 0), 1)*row.W, row.Y + row.H/2}
		line.Points = append(line.Points, at)
		p.Dots = append(p.Dots, Dot{Key: key + " " + name, At: at, Size: min(8, max(row.H-1, 3)),
			Shape: LaneShape(lane), Role: LaneRole(lane)})
	}
	p.line(line)
}

// matrixNames writes the names of the rows or, if they are too low for that, of the layers.
func (p *Picture) matrixNames(names []string, long bool, right float64, plot Box) {
	said, free := "", plot.Y-1
	for i, name := range names {
		row := rowOf(plot, i, len(names))
		text := matrixName(name, long)
		if row.H < leastWords {
			text = layerName(name, long)
		}
		w := Word{Key: fmt.Sprint("panel matrix ", i), Text: text,
			At: Point{right - 10, row.Y + row.H/2}, Anchor: End, Size: tickSize, Role: Soft}
		if b := w.Box(); text == said || b.Y < free || b.Y+b.H > p.h-margin {
			continue
		}
		said, free = text, w.Box().Y+w.Box().H
		p.word(w)
	}
}

// matrixRows returns the tip of a matrix.
func (r *Record) matrixRows(name string) []Row {
	rows := []Row{{Text: matrixName(name, true), Role: Ink}}
	for lane, l := range r.recipe.Lanes {
		if m, ok := r.lanes[lane].matrix(name); ok {
			rows[0].Value = fmt.Sprintf("%d × %d", m.Rows, m.Cols)
			rows = append(rows,
				Row{Text: l.Label + ", update beside weights", Value: figure(relative(m)),
					Role: LaneRole(lane)},
				Row{Text: "effective rank",
					Value: fmt.Sprintf("%.1f of %d", m.Rank, min(m.Rows, m.Cols)), Role: Soft},
				Row{Text: "unchanged, and in bfloat16",
					Value: share(m.Unchanged) + ", " + share(m.UnchangedBF16), Role: Soft})
		}
	}
	return rows
}
