package scene

import (
	"math"
	"strconv"
	"strings"
)

// Atlas is a map of places with names of one letter. Ring has them in the order of a ring that
// leads through all of them, and Near has the neighbours of each in the same order.
type Atlas struct {
	Ring string   `json:"ring"`
	Near []string `json:"near"`
}

// paths draws the map of a prompt such as "<ak=" as a ring with its edges across, and the ways of
// the answers along them. Frequent answers have wide ways. A step that follows no edge ends a way
// with a cross.
func (p *Picture) paths(key string, lane int, box Box, prompt string, all []answer) bool {
	m := p.atlas
	if m == nil || len(m.Ring) < 3 || len(m.Near) != len(m.Ring) || len(prompt) < 4 ||
		strings.IndexByte("<>", prompt[0]) < 0 {
		return false
	}
	shown := prompt[1 : len(prompt)-1] // start and target, or a walk to reverse
	for i := range len(shown) {
		if strings.IndexByte(m.Ring, shown[i]) < 0 {
			return false
		}
	}
	radius := min(box.W, box.H)/2 - 10
	centre := Point{box.X + box.W/2, box.Y + box.H/2}
	around := func(place int, r float64) Point {
		angle := 2 * math.Pi * float64(place) / float64(len(m.Ring))
		return Point{centre.X + r*math.Sin(angle), centre.Y - r*math.Cos(angle)}
	}
	for i := range len(m.Ring) {
		for _, next := range []byte(m.Near[i]) {
			if j := strings.IndexByte(m.Ring, next); j > i {
				p.Lines = append(p.Lines, Line{Key: key + "edge " + m.Ring[i:i+1] + string(next),
					Points: []Point{around(i, radius),
						around(j, radius)}, Width: 1, Role: Rule, Alpha: 1})
			}
		}
	}
	total := 0
	for _, a := range all {
		total += a.drawn
	}
	for i, a := range all {
		name := key + "way " + a.written()
		places, whole := m.way(a.text, prompt[0] == '>', shown)
		line := Line{Key: name, Width: 1 + 4*float64(a.drawn)/float64(total), Role: LaneRole(lane),
			Alpha: 0.75}
		for _, at := range places {
			line.Points = append(line.Points, around(at, radius-1.5*float64(i%4)))
		}
		if len(places) == 0 {
			continue
		}
		p.Lines = append(p.Lines, line)
		if !whole {
			p.Dots = append(p.Dots,
				Dot{Key: name, At: line.Points[len(line.Points)-1], Size: 7, Shape: Cross,
					Role: Bad})
		}
	}
	first, last := strings.IndexByte(m.Ring, shown[0]), strings.IndexByte(m.Ring,
		shown[len(shown)-1])
	for _, end := range []struct {
		name  string
		place int
		shape Shape
		role  Role
	}{{"start", first, Disc, Ink}, {"end", last, Diamond, Good}} {
		p.Dots = append(p.Dots,
			Dot{Key: key + end.name, At: around(end.place, radius), Size: 12, Shape: end.shape,
				Role: end.role, Rim: 2})
	}
	p.spots = append(p.spots, spot{box, func() []Row {
		return []Row{{Text: prompt, Role: Ink, Mono: true},
			{Text: "from " + shown[:1] + " to " + shown[len(shown)-1:],
				Role: Soft}, {Text: "different answers", Value: strconv.Itoa(len(all)), Role: Soft}}
	}})
	return true
}

// way returns the places of the ring along a response, and whether each step follows an edge. To
// find a way it starts at the first place of the prompt; to reverse a walk it may start anywhere.
func (m *Atlas) way(response string, finds bool, shown string) (places []int, whole bool) {
	if finds {
		places = append(places, strings.IndexByte(m.Ring, shown[0]))
	}
	for i := range len(response) {
		next := strings.IndexByte(m.Ring, response[i])
		if next < 0 || len(places) > 0 && strings.IndexByte(m.Near[places[len(places)-1]],
			response[i]) < 0 {
			return places, false
		}
		places = append(places, next)
	}
	return places, true
}
