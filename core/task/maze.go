package task

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

const (
	mazeSide    = 4
	mazeSquares = "ABCDEFGHIJKLMNOP" // row by row, from the north-west
	mazeCompass = "nesw"             // clockwise
	mazeTurns   = "frbl"             // the same as turns, for somebody who looks north
	mazeWalls   = 4
	mazeLongest = 6 // moves of the base's walks
	mazeNear    = 4 // longest shortest path that is practised, in moves; the smallest is 2
	mazeTold    = 7 // moves to follow in a prompt of the prior skill

	// How often the walker that the base model learns from aims a move at the target.
	mazeAims       = 0.2
	mazePriorShare = 0.2
)

// Maze is the task "A way through a small maze".
var Maze = Task{
	Name:  "maze",
	Title: "A way through a small maze",
	Cite:  "after V-IRL in Chu et al. 2025, arXiv:2501.17161 section 4.2",
	Doc: `Sixteen squares, four of them walls, a start and a target. It is played in turns: the
policy makes a move, and the world answers with the square that the move leads to. What the world
says is given, and nobody is taught to say it. A move into a wall or off the grid leads nowhere;
six moves are possible, and every way that ends on the target is right. Moves are told by the
compass, which is practised, or by turns from the direction of view (forward, right, back, left;
north at first): the same mazes under a rule that is not practised. The base knows both, but only
one in five of its moves was aimed, and the others went anywhere; half of its walks arrived. It can
also follow given moves and name the squares on the way: the prior skill.`,
	Example: Example{
		Prompt: "XAJ:CFGM=", Response: "sEsIeJ",
		Steps: []string{
			"The squares are ABCD, EFGH, IJKL and MNOP, row by row. XAJ:CFGM= asks for a way " +
				"from A to J; C, F, G and M are walls. X means moves by the compass: n, e, s, w.",
			"In sEsIeJ the model writes the moves s, s and e. After each the world says where it " +
				"leads: south of A is E, south of E is I, east of I is J.",
			"The last square is the target, so it is right.",
		},
	},
	Alphabet: mazeSquares + mazeCompass + mazeTurns + "XYW:=",
	Levels: []Level{
		{Name: "id", Title: "moves by compass",
			Doc: "ways of two to four moves by the compass: what is practised"},
		{Name: "ood", Title: "moves by turns",
			Doc: "the same told by turns: the same skill under the rule that is not practised"},
		{Name: "far", Title: "far targets", Doc: "five or six moves away, by the compass"},
		{Name: "prior", Title: "following moves",
			Doc: "the squares that seven moves lead over: a skill from before, not practised"},
	},
	Base:        "maze",
	MaxResponse: 2*mazeLongest + 1,
	Prompts:     2000,
	Knobs: []param.Knob{
		param.Choice("style", "short", []string{"short", "walk"},
			"Which way the demonstrations take. short is one of the shortest ways. walk, the "+
				"base's own "+
				"style, is a way that wanders and arrives.").
			Naming("shortest way", "own style, wandering").
			Called("style of the demonstrations").ShownFirst(),
	},
	Sizes:  []param.Knob{promptsKnob(2000, 50_000)},
	Larger: bySize([]string{"train_prompts=10000"}, []string{"train_prompts=50000"}),
	Form: "X or Y, a start and a target of A-P, a colon, four walls in order and =, such as " +
		"XAJ:CFGM=, with a nearest way of two to four moves, for X up to six; or W, a square, " +
		"seven of nesw that stay on the grid and =",
	Read:   readMazePrompt,
	Sample: sampleMaze,
	Demonstrate: func(r *num.Rand, p Problem, k param.Values) string {
		if p.Level == "prior" {
			return p.Answer
		}
		m, aims := readMaze(p), 1.0
		if k.Choice("style") == "walk" {
			aims = mazeAims
		}
		for {
			if way := m.walk(r, aims); m.solvedBy(way) {
				return way
			}
		}
	},
	World: func(p Problem, response string) string {
		if p.Level == "prior" || response == "" {
			return ""
		}
		m := readMaze(p)
		if m.direction(rune(response[len(response)-1]), 0) < 0 {
			return ""
		}
		at, _ := m.follow(response)
		return mazeSquares[at : at+1]
	},
	Pretrain: func(r *num.Rand) (Problem, string) {
		level := "prior"
		if r.Float64() >= mazePriorShare {
			level = []string{"id", "ood", "far"}[r.IntN(3)]
		}
		p := sampleMaze(r, level)
		if level == "prior" {
			return p, p.Answer
		}
		return p, readMaze(p).walk(r, mazeAims)
	},
	Reward: func(p Problem, response string) float64 {
		if p.Level == "prior" && response == p.Answer ||
			p.Level != "prior" && readMaze(p).solvedBy(response) {
			return 1
		}
		return 0
	},
}

// mazeMove returns r if it is a move, and drops it otherwise.
func mazeMove(r rune) rune {
	if strings.ContainsRune(mazeSquares, r) {
		return -1
	}
	return r
}

func sampleMaze(r *num.Rand, level string) Problem {
	if level == "prior" {
		return sampleFollowing(r)
	}
	for {
		squares := shuffled(r, mazeSquares)
		walls := squares[2 : 2+mazeWalls]
		slices.Sort(walls)
		key := string(squares[:2]) + ":" + string(walls)
		p := Problem{Level: level, Prompt: "X" + key + "=", Key: key}
		if level == "ood" {
			p.Prompt = "Y" + key + "="
		}
		m := readMaze(p)
		if m.level() == level {
			p.Answer = strings.Map(mazeMove, m.walk(r, 1))
			return p
		}
	}
}

func readMazePrompt(prompt string) (Problem, bool) {
	kind, key := cutPrompt(prompt)
	switch {
	case kind == "W" && len(key) == mazeTold+1 && madeOf(key[:1], mazeSquares, 1) && madeOf(key[1:],
		mazeCompass, mazeTold):
		return askFollowing(key[0], key[1:])
	case kind != "X" && kind != "Y" || len(key) != 3+mazeWalls || key[2] != ':':
		return Problem{}, false
	}
	squares := []byte(key[:2] + key[3:])
	if ordered := slices.IsSorted(squares[2:]); !ordered ||
		!madeOf(string(squares), mazeSquares, 2+mazeWalls) {
		return Problem{}, false
	}
	if slices.Sort(squares); len(slices.Compact(squares)) < 2+mazeWalls {
		return Problem{}, false
	}
	p := Problem{Prompt: prompt, Key: key}
	m := readMaze(p)
	if p.Level = m.level(); p.Level == "" {
		return Problem{}, false
	}
	r := num.NewRand(0, "read", "maze/"+prompt)
	p.Answer = strings.Map(mazeMove, m.walk(&r, 1))
	return p, true
}

// sampleFollowing draws a walk on a grid without walls.
func sampleFollowing(r *num.Rand) Problem {
	at, moves := r.IntN(len(mazeSquares)), ""
	start := mazeSquares[at]
	for len(moves) < mazeTold {
		direction := r.IntN(len(mazeCompass))
		if next := (mazePlan{}).step(at, direction); next >= 0 {
			at = next
			moves += mazeCompass[direction : direction+1]
		}
	}
	p, _ := askFollowing(start, moves)
	return p
}

// askFollowing returns the problem of following moves from a square, and whether they stay on the
// grid.
func askFollowing(start byte, moves string) (p Problem, ok bool) {
	at := strings.IndexByte(mazeSquares, start)
	p = Problem{Level: "prior", Key: "W" + string(start) + moves}
	p.Prompt = p.Key + "="
	for i := range moves {
		if at = (mazePlan{}).step(at, strings.IndexByte(mazeCompass, moves[i])); at < 0 {
			return Problem{}, false
		}
		p.Answer += mazeSquares[at : at+1]
	}
	return p, true
}
