// Package mesh turns the shapes of a picture into triangles. Every edge fades out over one pixel,
// by the colours of its vertices. So the graphics card draws a whole picture in one call, with
// smooth edges and without multisampling.
package mesh

import (
	"math"

	"github.com/posttrain/posttrain/wasm/stage/scene"
)

// Vertex is a corner of a triangle, in pixels of the device, with its premultiplied colour.
type Vertex struct{ X, Y, R, G, B, A float32 }

// Colour is a red, green and blue from 0 to 1.
type Colour [3]float32

// Palette has a colour for every role.
type Palette map[scene.Role]Colour

// Mesh is a list of triangles. Reset makes it ready for another picture.
type Mesh struct {
	Vertices []Vertex
	Indices  []uint32

	scale   float64
	palette Palette
	colour  Colour
}

// Reset empties the mesh. scale is the number of device pixels per CSS pixel.
func (m *Mesh) Reset(scale float64, p Palette) {
	m.Vertices, m.Indices = m.Vertices[:0], m.Indices[:0]
	m.scale, m.palette = scale, p
}

// Draw adds shapes above those drawn before.
func (m *Mesh) Draw(areas []scene.Area, lines []scene.Line, dots []scene.Dot) {
	for _, a := range areas {
		m.area(a)
	}
	for _, l := range lines {
		m.line(l)
	}
	for _, d := range dots {
		m.dot(d)
	}
}

// add adds a vertex and returns its index.
func (m *Mesh) add(x, y, alpha float64) uint32 {
	a := float32(alpha)
	m.Vertices = append(m.Vertices,
		Vertex{float32(x), float32(y), m.colour[0] * a, m.colour[1] * a, m.colour[2] * a, a})
	return uint32(len(m.Vertices) - 1)
}

// quad adds two triangles that fill the area between the edges a–b and c–d.
func (m *Mesh) quad(a, b, c, d uint32) {
	m.Indices = append(m.Indices, a, b, c, b, d, c)
}

// area fills a ribbon. Parts thinner than a pixel become paler instead. Edges fade over a pixel at
// right angles, which is more than a pixel vertically where they are steep.
func (m *Mesh) area(a scene.Area) {
	m.colour = m.palette[a.Role]
	var before [4]uint32
	for i := range a.Upper {
		up, down := 0.5*stretch(a.Upper, i), 0.5*stretch(a.Lower, i)
		x := a.Upper[i].X * m.scale
		upper, lower := a.Upper[i].Y*m.scale, a.Lower[i].Y*m.scale
		alpha := a.Alpha
		if thick := lower - upper; thick < 1 {
			alpha *= max(thick, 0)
			upper, lower = upper+thick/2-0.5, upper+thick/2+0.5
		}
		middle := (upper + lower) / 2
		now := [4]uint32{
			m.add(x, upper-up, 0), m.add(x, min(upper+up, middle), alpha),
			m.add(x, max(lower-down, middle), alpha), m.add(x, lower+down, 0),
		}
		if i > 0 {
			for k := range 3 {
				m.quad(before[k], before[k+1], now[k], now[k+1])
			}
		}
		before = now
	}
}

// stretch returns the length of a polyline per unit of width at point i.
func stretch(points []scene.Point, i int) float64 {
	a, b := points[max(i-1, 0)], points[min(i+1, len(points)-1)]
	if a.X == b.X {
		return 1
	}
	return math.Min(math.Hypot(1, (b.Y-a.Y)/(b.X-a.X)), 8)
}

// line strokes a polyline.
func (m *Mesh) line(l scene.Line) {
	m.colour = m.palette[l.Role]
	points := make([]scene.Point, 0, len(l.Points))
	for _, p := range l.Points {
		p = scene.Point{X: p.X * m.scale, Y: p.Y * m.scale}
		if n := len(points); n == 0 || math.Hypot(p.X-points[n-1].X, p.Y-points[n-1].Y) > 0.01 {
			points = append(points, p)
		}
	}
	if l.Dash == 0 {
		m.stroke(points, l.Width*m.scale, l.Alpha)
		return
	}
	run := 0.0
	for i := 1; i < len(points); i++ {
		run = m.dashes(points[i-1], points[i], l.Width*m.scale, l.Alpha, l.Dash*m.scale, run)
	}
}

// dashes strokes a piece of a dashed polyline. run is the length of the pattern, a dash and a gap,
// that the piece before has begun; it returns that for the piece after, so that dashes go round
// corners.
func (m *Mesh) dashes(from, to scene.Point, width, alpha, dash, run float64) float64 {
	length := math.Hypot(to.X-from.X, to.Y-from.Y)
	at := func(s float64) scene.Point {
		t := min(s/length, 1)
		return scene.Point{X: from.X + t*(to.X-from.X), Y: from.Y + t*(to.Y-from.Y)}
	}
	for s := -run; s < length; s += 2 * dash {
		if s+dash > 0 {
			m.stroke([]scene.Point{at(max(s, 0)), at(s + dash)}, width, alpha)
		}
	}
	return math.Mod(run+length, 2*dash)
}

// stroke draws a polyline with mitred corners. Horizontal and vertical lines are moved onto whole
// pixels, to be crisp. Lines thinner than a pixel become paler instead; sloping lines do so below
// one and a half, since they would look like a string of beads.
func (m *Mesh) stroke(points []scene.Point, width, alpha float64) {
	if len(points) < 2 {
		return
	}
	least := 1.5
	if snap(points, width) {
		least = 1
	}
	if width < least {
		alpha, width = alpha*width/least, least
	}
	inner, outer := max(width/2-0.5, 0), width/2+0.5
	across := func(p, n scene.Point) [4]uint32 {
		return [4]uint32{
			m.add(p.X+n.X*outer, p.Y+n.Y*outer, 0), m.add(p.X+n.X*inner, p.Y+n.Y*inner, alpha),
			m.add(p.X-n.X*inner, p.Y-n.Y*inner, alpha), m.add(p.X-n.X*outer, p.Y-n.Y*outer, 0),
		}
	}
	var before [4]uint32
	for i, p := range points {
		arriving, leaving := mitre(points, i)
		if i > 0 {
			now := across(p, arriving)
			for k := range 3 {
				m.quad(before[k], before[k+1], now[k], now[k+1])
			}
			before = now
		}
		if i == 0 || leaving != arriving {
			before = across(p, leaving)
		}
	}
}

// snap moves a horizontal or vertical line of two points so that its edges fall between pixels. It
// reports whether the line is one of these.
func snap(points []scene.Point, width float64) bool {
	if len(points) != 2 {
		return false
	}
	whole := math.Max(1, math.Round(width))
	move := func(x float64) float64 { return math.Round(x-whole/2) + whole/2 }
	switch {
	case points[0].Y == points[1].Y:
		points[0].Y = move(points[0].Y)
		points[1].Y = points[0].Y
	case points[0].X == points[1].X:
		points[0].X = move(points[0].X)
		points[1].X = points[0].X
	default:
		return false
	}
	return true
}

// mitre returns the direction of the edge at a corner, with the length that makes both sides
// parallel to the line, but at most 2. A sharper corner has two edges, one perpendicular to each of
// its two lines, since a common one would twist a line between two such corners.
func mitre(points []scene.Point, i int) (arriving, leaving scene.Point) {
	unit := func(a, b scene.Point) scene.Point {
		l := math.Hypot(b.X-a.X, b.Y-a.Y)
		return scene.Point{X: -(b.Y - a.Y) / l, Y: (b.X - a.X) / l}
	}
	if i > 0 {
		arriving = unit(points[i-1], points[i])
	}
	if i == len(points)-1 {
		return arriving, arriving
	}
	leaving = unit(points[i], points[i+1])
	if i == 0 {
		return leaving, leaving
	}
	x, y := (arriving.X+leaving.X)/2, (arriving.Y+leaving.Y)/2
	if square := x*x + y*y; square > 0.25 {
		both := scene.Point{X: x / square, Y: y / square}
		return both, both
	}
	return arriving, leaving
}
