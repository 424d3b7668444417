package mesh

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/posttrain/posttrain/wasm/stage/scene"
)

var palette = Palette{scene.Ink: {1, 1, 1}, scene.Paper: {0, 0, 0}}

// ink returns how many pixels' worth of colour a mesh puts down: the area of its triangles by their
// mean opacity.
func ink(t *testing.T, m *Mesh) (sum float64) {
	t.Helper()
	if len(m.Indices)%3 != 0 {
		t.Fatalf("%d indices are no triangles", len(m.Indices))
	}
	for i := 0; i < len(m.Indices); i += 3 {
		var v [3]Vertex
		for k := range v {
			v[k] = m.Vertices[m.Indices[i+k]]
			if a := float64(v[k].A); a < 0 || a > 1 || math.IsNaN(a) ||
				math.IsNaN(float64(v[k].X+v[k].Y)) || v[k].R > v[k].A {
				t.Fatalf("the vertex %v", v[k])
			}
		}
		area := float64((v[1].X-v[0].X)*(v[2].Y-v[0].Y)-(v[2].X-v[0].X)*(v[1].Y-v[0].Y)) / 2
		sum += math.Abs(area) * float64(v[0].A+v[1].A+v[2].A) / 3
	}
	return sum
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-3*math.Max(1, want) {
		t.Errorf("%s puts down %v pixels of ink, want %v", what, got, want)
	}
}

// However its edges are softened, a shape covers as much as it should.
func TestInk(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		scale := 1 + r.Float64()*2
		long, wide, alpha, slope := 5+r.Float64()*200, r.Float64()*40, r.Float64(), r.NormFloat64()
		var m Mesh
		m.Reset(scale, palette)
		m.Draw([]scene.Area{{
			Upper: []scene.Point{{X: 3, Y: 7}, {X: 3 + long, Y: 7 + slope*long}},
			Lower: []scene.Point{{X: 3, Y: 7 + wide}, {X: 3 + long, Y: 7 + wide + slope*long}},
			Role:  scene.Ink, Alpha: alpha,
		}}, nil, nil)
		// thinner ones lose a little where both edges meet
		if soft := scale * wide / math.Hypot(1, slope); soft > 1 {
			near(t, "an area", ink(t, &m), long*wide*scale*scale*alpha)
		}

		m.Reset(scale, palette)
		width := r.Float64() * 8
		line := scene.Line{Points: []scene.Point{{X: 9, Y: 9}, {X: 9 + long, Y: 9 + slope*long}},
			Width: width, Role: scene.Ink, Alpha: alpha}
		m.Draw(nil, []scene.Line{line}, nil)
		length := math.Hypot(long, slope*long) * scale
		near(t, "a line", ink(t, &m), length*width*scale*alpha)

		m.Reset(scale, palette)
		m.Draw(nil, nil, []scene.Dot{{At: scene.Point{X: 50, Y: 50}, Size: 20, Shape: scene.Disc,
			Role: scene.Ink}})
		if got, want := ink(t, &m), math.Pi*100*scale*scale; math.Abs(got/want-1) > 0.05 {
			t.Errorf("a disc puts down %v pixels of ink, want about %v", got, want)
		}
	}
}

// The corners of a line do not stick out, however sharp they are.
func TestCorners(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 300 {
		points := make([]scene.Point, 1+r.IntN(20))
		for i := range points {
			points[i] = scene.Point{X: r.Float64() * 100, Y: r.Float64() * 100}
			if i > 0 && r.IntN(4) == 0 {
				points[i] = points[i-1]
			}
		}
		var m Mesh
		m.Reset(2, palette)
		m.Draw(nil, []scene.Line{{Points: points, Width: 3, Role: scene.Ink, Alpha: 1},
			{Points: points, Width: 1, Role: scene.Ink, Alpha: 1, Dash: 5}}, nil)
		ink(t, &m)
		for _, v := range m.Vertices {
			if v.X < -8 || v.Y < -8 || v.X > 208 || v.Y > 208 {
				t.Fatalf("a line from 0 to 200 has a vertex at %v, %v", v.X, v.Y)
			}
		}
	}
}

// A line is never twisted: all of its triangles turn the same way, whatever its corners.
func TestNothingIsTwisted(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 300 {
		points := []scene.Point{{X: 100, Y: 100}}
		for i := range 10 {
			sin, cos := math.Sincos(r.Float64() * 2 * math.Pi)
			points = append(points, scene.Point{X: points[i].X + 30*cos, Y: points[i].Y + 30*sin})
		}
		var m Mesh
		m.Reset(1, palette)
		m.Draw(nil, []scene.Line{{Points: points, Width: 3, Role: scene.Ink, Alpha: 1}}, nil)
		first := m.turn(0)
		for i := 0; i < len(m.Indices); i += 3 {
			if turn := m.turn(i); turn*first <= 0 {
				t.Fatalf("through %v: triangle %d turns by %v, the first by %v", points, i/3, turn,
					first)
			}
		}
	}
}

// turn returns twice the area of a triangle, below 0 if its corners come the other way round.
func (m *Mesh) turn(i int) float32 {
	a, b, c := m.Vertices[m.Indices[i]], m.Vertices[m.Indices[i+1]], m.Vertices[m.Indices[i+2]]
	return (b.X-a.X)*(c.Y-a.Y) - (c.X-a.X)*(b.Y-a.Y)
}

// Every shape can be drawn, and a rim comes below the dot that it sets off.
func TestDots(t *testing.T) {
	for shape := scene.Disc; shape <= scene.Cross; shape++ {
		var m Mesh
		m.Reset(1, palette)
		m.Draw(nil, nil, []scene.Dot{{At: scene.Point{X: 20, Y: 20}, Size: 10, Shape: shape,
			Role: scene.Ink}})
		if got := ink(t, &m); got < 10 || got > 100 {
			t.Errorf("shape %d puts down %v pixels of ink in a square of 100", shape, got)
		}
	}
	var m Mesh
	m.Reset(1, palette)
	m.Draw(nil, nil, []scene.Dot{{Size: 10, Rim: 2, Role: scene.Ink}})
	if first, last := m.Vertices[0], m.Vertices[len(m.Vertices)-2]; first.R != 0 || last.R != 1 {
		t.Errorf("the rim is not drawn before the dot: %v, %v", first, last)
	}
}
