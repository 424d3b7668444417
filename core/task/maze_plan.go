package task

import (
	"strings"

	"github.com/posttrain/posttrain/core/num"
)

// A mazePlan is what a prompt says.
type mazePlan struct {
	turns      bool // moves are told by turns
	start, end int  // squares
	walls      string
}

func readMaze(p Problem) mazePlan {
	return mazePlan{
		turns: p.Prompt[0] == 'Y', start: strings.IndexByte(mazeSquares, p.Prompt[1]), end: strings.IndexByte(mazeSquares, p.Prompt[2]),
		walls: p.Prompt[4 : 4+mazeWalls],
	}
}

// step is the square in a direction of the compass, or -1 if there is none or a wall.
func (m mazePlan) step(square, direction int) int {
	row, column := square/mazeSide, square%mazeSide
	switch direction {
	case 0:
		row--
	case 1:
		column++
	case 2:
		row++
	case 3:
		column--
	}
	if row < 0 || row >= mazeSide || column < 0 || column >= mazeSide {
		return -1
	}
	if square = row*mazeSide + column; strings.IndexByte(m.walls, mazeSquares[square]) >= 0 {
		return -1
	}
	return square
}

// distances is how many moves each square is from the end, or -1 where no way leads.
func (m mazePlan) distances() [len(mazeSquares)]int {
	var moves [len(mazeSquares)]int
	for i := range moves {
		moves[i] = -1
	}
	moves[m.end] = 0
	reached := []int{m.end}
	for i := 0; i < len(reached); i++ {
		for direction := range mazeCompass {
			if next := m.step(reached[i], direction); next >= 0 && moves[next] < 0 {
				moves[next] = moves[reached[i]] + 1
				reached = append(reached, next)
			}
		}
	}
	return moves
}

// walk moves until it is at the end or tired. A move is aimed as often as aims says; any other goes wherever there is no wall.
func (m mazePlan) walk(r *num.Rand, aims float64) string {
	var b strings.Builder
	moves, at, looks := m.distances(), m.start, 0
	for range mazeLongest {
		if at == m.end {
			break
		}
		aimed := r.Float64() < aims
		var open []int
		for direction := range mazeCompass {
			if next := m.step(at, direction); next >= 0 && (!aimed || moves[next] < moves[at]) {
				open = append(open, direction)
			}
		}
		direction := open[r.IntN(len(open))]
		at = m.step(at, direction)
		b.WriteString(m.tell(direction, looks) + mazeSquares[at:at+1])
		looks = direction
	}
	return b.String()
}

// tell is what a move is called by somebody who looks in a direction.
func (m mazePlan) tell(direction, looks int) string {
	if m.turns {
		i := (direction - looks + 4) % 4
		return mazeTurns[i : i+1]
	}
	return mazeCompass[direction : direction+1]
}

// direction is where a move leads somebody who looks in a direction; -1 of what is no move.
func (m mazePlan) direction(move rune, looks int) int {
	if !m.turns {
		return strings.IndexRune(mazeCompass, move)
	}
	if turn := strings.IndexRune(mazeTurns, move); turn >= 0 {
		return (turn + looks) % 4
	}
	return -1
}

// follow is the square where the moves of a response lead, and whether nothing else was said. Names of squares are only remarks.
func (m mazePlan) follow(response string) (at int, understood bool) {
	at, understood = m.start, true
	looks := 0
	for _, move := range strings.Map(mazeMove, response) {
		direction := m.direction(move, looks)
		if direction < 0 {
			understood = false
			continue
		}
		if next := m.step(at, direction); next >= 0 {
			at = next
		}
		looks = direction
	}
	return at, understood
}

// solvedBy says whether a response leads to the end.
func (m mazePlan) solvedBy(response string) bool {
	at, understood := m.follow(response)
	return understood && at == m.end
}

// level is the level that a maze belongs to; "" of those that are in none.
func (m mazePlan) level() string {
	switch moves := m.distances()[m.start]; {
	case moves >= 2 && moves <= mazeNear && m.turns:
		return "ood"
	case moves >= 2 && moves <= mazeNear:
		return "id"
	case moves > mazeNear && moves <= mazeLongest && !m.turns:
		return "far"
	}
	return ""
}
