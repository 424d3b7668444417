package mesh

import (
	"math"

	"github.com/posttrain/posttrain/wasm/stage/scene"
)

// corners has the outlines of filled marks around the origin. They have diameters of about 1 and
// look equally large.
var corners = map[scene.Shape][]scene.Point{
	scene.Disc:     ring(16),
	scene.Square:   {{X: -.43, Y: -.43}, {X: .43, Y: -.43}, {X: .43, Y: .43}, {X: -.43, Y: .43}},
	scene.Diamond:  {{X: 0, Y: -.6}, {X: .6, Y: 0}, {X: 0, Y: .6}, {X: -.6, Y: 0}},
	scene.Triangle: {{X: 0, Y: -.6}, {X: .58, Y: .42}, {X: -.58, Y: .42}},
}

// strokes has the lines of the other marks.
var strokes = map[scene.Shape][][]scene.Point{
	scene.Tick:  {{{X: -.42, Y: .02}, {X: -.12, Y: .36}, {X: .44, Y: -.38}}},
	scene.Cross: {{{X: -.36, Y: -.36}, {X: .36, Y: .36}}, {{X: -.36, Y: .36}, {X: .36, Y: -.36}}},
}

func ring(n int) []scene.Point {
	points := make([]scene.Point, n)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		points[i] = scene.Point{X: cos / 2, Y: sin / 2}
	}
	return points
}

// dot draws a mark.
func (m *Mesh) dot(d scene.Dot) {
	size := d.Size * m.scale
	x, y := d.At.X*m.scale, d.At.Y*m.scale
	for _, stroke := range strokes[d.Shape] {
		m.colour = m.palette[d.Role]
		points := make([]scene.Point, len(stroke))
		for i, p := range stroke {
			points[i] = scene.Point{X: x + p.X*size, Y: y + p.Y*size}
		}
		m.stroke(points, max(size*0.19, 1), 1)
	}
	outline, ok := corners[d.Shape]
	if !ok {
		return
	}
	if d.Rim > 0 {
		m.colour = m.palette[scene.Paper]
		m.fill(outline, x, y, size+2*d.Rim*m.scale)
	}
	m.colour = m.palette[d.Role]
	m.fill(outline, x, y, size)
}

// fill draws an outline as a fan with a soft edge.
func (m *Mesh) fill(outline []scene.Point, x, y, size float64) {
	centre := m.add(x, y, 1)
	first := uint32(len(m.Vertices))
	n := uint32(len(outline))
	for _, p := range outline {
		length := math.Hypot(p.X, p.Y)
		soft := min(0.5/length, size) // half a pixel outwards and inwards
		m.add(x+p.X*(size-soft), y+p.Y*(size-soft), 1)
		m.add(x+p.X*(size+soft), y+p.Y*(size+soft), 0)
	}
	for i := range n {
		a, b := first+2*i, first+2*((i+1)%n)
		m.Indices = append(m.Indices, centre, a, b)
		m.quad(a, a+1, b, b+1)
	}
}
