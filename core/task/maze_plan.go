package task

import (
	"strings"

	"github.com/posttrain/posttrain/core/num"
)

// A mazePlan is a maze as a prompt describes it.
type mazePlan struct {
	turns      bool // moves are given as turns
	start, end int  // squares
	walls      string
}

func readMaze(p Problem) mazePlan {
	return mazePlan{
		turns: p.Prompt[0] == 'Y', start: strings.IndexByte(mazeSquares, p.Prompt[1]),
		end:   strings.IndexByte(mazeSquares, p.Prompt[2]),
		walls: p.Prompt[4 : 4+mazeWalls],
	}
}

// step returns the square in a direction of the compass, or -1 if there is none or a wall is
// between.
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

// distances returns the number of moves from each square to the end, or -1 if there is no way.
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

// walk moves until it is at the end or has made too many moves. A share aims of the moves go
// towards the end; the others go in any direction without a wall.
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

// tell returns the name of a move for somebody who looks in a direction.
func (m mazePlan) tell(direction, looks int) string {
	if m.turns {
		i := (direction - looks + 4) % 4
		return mazeTurns[i : i+1]
	}
	return mazeCompass[direction : direction+1]
}

// direction returns the direction of the compass of a move by somebody who looks in a direction, or
// -1 if it is no move.
func (m mazePlan) direction(move rune, looks int) int {
	if !m.turns {
		return strings.IndexRune(mazeCompass, move)
	}
	if turn := strings.IndexRune(mazeTurns, move); turn >= 0 {
		return (turn + looks) % 4
	}
	return -1
}

// follow returns the square where the moves of a response lead, and whether all of it could be
// followed. Names of squares are allowed as remarks.
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

// solvedBy reports whether a response leads to the end.
func (m mazePlan) solvedBy(response string) bool {
	at, understood := m.follow(response)
	return understood && at == m.end
}

// level returns the level that a maze belongs to, or "" if it belongs to none.
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
