package scene

import (
	"strconv"
	"strings"
)

const (
	mazeSide    = 4
	mazeSquares = "ABCDEFGHIJKLMNOP" // row by row, from the north-west
	mazeCompass = "nesw"             // clockwise
	mazeTurns   = "frbl"             // the same directions for a walker who faces north
)

// plan is a prompt of the maze, in the format of core/task: "XAJ:CFGM=" by the compass, "YAJ:CFGM="
// by turns, and "WAnesw=" for moves to follow.
type plan struct {
	rule       byte
	start, end int // squares; end is -1 if there is no target
	walls      string
	moves      string // moves to follow
}

func readPlan(prompt string) (m plan, ok bool) {
	square := func(i int) int { return strings.IndexByte(mazeSquares, prompt[i]) }
	switch {
	case len(prompt) > 3 && prompt[0] == 'W':
		m = plan{rule: 'W', start: square(1), end: -1, moves: prompt[2 : len(prompt)-1]}
	case len(prompt) == 9 && (prompt[0] == 'X' || prompt[0] == 'Y'):
		m = plan{rule: prompt[0], start: square(1), end: square(2), walls: prompt[4:8]}
		ok = m.end >= 0
	}
	return m, m.start >= 0 && (ok || m.rule == 'W')
}

// step returns the next square in a direction of the compass, and -1 for a wall or the edge.
func (m plan) step(square, direction int) int {
	row := square/mazeSide + []int{-1, 0, 1, 0}[direction]
	column := square%mazeSide + []int{0, 1, 0, -1}[direction]
	if row < 0 || row >= mazeSide || column < 0 || column >= mazeSide {
		return -1
	}
	if square = row*mazeSide + column; strings.IndexByte(m.walls, mazeSquares[square]) >= 0 {
		return -1
	}
	return square
}

// way returns the squares on the way from the start, and whether all moves were possible. Names of
// squares among the moves have no effect.
func (m plan) way(moves string) (squares []int, whole bool) {
	squares = []int{m.start}
	at, looks := m.start, 0
	for i := range len(moves) {
		if strings.IndexByte(mazeSquares, moves[i]) >= 0 {
			continue
		}
		direction := strings.IndexByte(mazeCompass, moves[i])
		if m.rule == 'Y' {
			if direction = strings.IndexByte(mazeTurns, moves[i]); direction >= 0 {
				direction = (direction + looks) % 4
			}
		}
		if direction < 0 {
			return squares, false
		}
		looks = direction
		if next := m.step(at, direction); next >= 0 { // else a wall, and the walker stays
			at = next
			squares = append(squares, at)
		}
	}
	return squares, true
}

// named returns the start and then the squares that a response names.
func (m plan) named(response string) []int {
	squares := []int{m.start}
	for i := range len(response) {
		if at := strings.IndexByte(mazeSquares, response[i]); at >= 0 {
			squares = append(squares, at)
		}
	}
	return squares
}

// maze draws the squares, the walls, and the way of each answer. Frequent answers have wide ways.
func (p *Picture) maze(key string, lane int, box Box, prompt string, all []answer) bool {
	m, ok := readPlan(prompt)
	if !ok {
		return false
	}
	size := min(box.W, box.H) / mazeSide
	p.squares(key, box, size, m)
	middle := func(square int, shift float64) Point {
		c := corner(box, size, square)
		return Point{c.X + size*(0.5+shift), c.Y + size*(0.5+shift)}
	}
	trace := func(name string, squares []int, shift, width float64, role Role, dash float64) Point {
		line := Line{Key: key + name, Width: width, Role: role, Alpha: 0.75, Dash: dash}
		for _, s := range squares {
			line.Points = append(line.Points, middle(s, shift))
		}
		p.Lines = append(p.Lines, line)
		return line.Points[len(line.Points)-1]
	}
	if m.rule == 'W' {
		path, _ := m.way(m.moves)
		trace("told", path, 0, 2, Soft, 4)
	}
	total := 0
	for _, a := range all {
		total += a.drawn
	}
	for i, a := range all {
		squares, whole := m.way(a.text)
		if m.rule == 'W' {
			squares, whole = m.named(a.text), true
		}
		name := "way " + a.written()
		end := trace(name, squares, 0.07*float64(i%5-2), 1+4*float64(a.drawn)/float64(total),
			LaneRole(lane), 0)
		if !whole {
			p.Dots = append(p.Dots, Dot{Key: key + name, At: end, Size: 7, Shape: Cross, Role: Bad})
		}
	}
	p.Dots = append(p.Dots, Dot{Key: key + "start", At: middle(m.start, 0), Size: min(size/3, 12),
		Shape: Disc, Role: Ink, Rim: 2})
	if m.end >= 0 {
		p.Dots = append(p.Dots,
			Dot{Key: key + "end", At: middle(m.end, 0), Size: min(size/2.4, 16), Shape: Diamond,
				Role: Good, Rim: 2})
	}
	p.spots = append(p.spots, spot{Box{box.X, box.Y, size * mazeSide, size * mazeSide},
		func() []Row {
			rows := []Row{{Text: prompt, Role: Ink, Mono: true},
				{Text: "start", Value: mazeSquares[m.start : m.start+1], Role: Soft}}
			if m.end >= 0 {
				rows = append(rows,
					Row{Text: "target", Value: mazeSquares[m.end : m.end+1], Role: Soft})
			}
			return append(rows, Row{Text: "different answers", Value: strconv.Itoa(len(all)),
				Role: Soft})
		}})
	return true
}

// corner returns the upper left corner of a square.
func corner(box Box, size float64, square int) Point {
	return Point{box.X + float64(square%mazeSide)*size, box.Y + float64(square/mazeSide)*size}
}

// squares draws the squares with their names, and the walls.
func (p *Picture) squares(key string, box Box, size float64, m plan) {
	for i := range len(mazeSquares) {
		c, name := corner(box, size, i), key+"square "+mazeSquares[i:i+1]
		edge := []Point{c, {c.X + size, c.Y}, {c.X + size, c.Y + size}, {c.X, c.Y + size}, c}
		p.Lines = append(p.Lines, Line{Key: name, Points: edge, Width: 1, Role: Rule, Alpha: 1})
		if strings.IndexByte(m.walls, mazeSquares[i]) >= 0 {
			p.Areas = append(p.Areas,
				Area{Key: name, Upper: edge[:2], Lower: []Point{edge[3], edge[2]}, Role: Soft,
					Alpha: 0.6})
		}
		if size >= 24 {
			p.word(Word{Key: name, Text: mazeSquares[i : i+1], At: Point{c.X + 8, c.Y + 9},
				Anchor: Middle, Size: min(tickSize, size/3), Mono: true, Role: Soft})
		}
	}
}
