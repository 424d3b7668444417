package task

import (
	"strings"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

const (
	pathsPlaces  = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	pathsLongest = 10 // steps of a walk
	pathsNear    = 4  // largest distance in steps that is practised
	pathsShown   = 6  // places of a walk to be written backwards

	// How often the walker that the base model learns from aims a step at its target.
	pathsAims       = 0.5
	pathsPriorShare = 0.2
)

// Paths is the task "Finding a way on a map".
var Paths = Task{
	Name:  "paths",
	Title: "Finding a way on a map",
	Cite:  "after Wang et al. 2025, arXiv:2509.22613",
	Doc: `Sixty-two places, each joined to two or three others, on a map that is the same in every
run. To get from one place to another, the places on the way have to be named; every step must
follow an edge, and every way that ends at the goal is right. Ways of two to four steps are
practised, longer ones are not. The base knows the map from walks on which every other step was
aimed and the others went anywhere, so that half of them arrived. A demonstration shows one way of
many, and reward accepts all of them: entropy shows how many a method keeps. The base can also tell
a walk backwards: the prior skill, which nobody practises.`,
	Example: Example{
		Prompt: ">ak=", Response: "7QHk",
		Steps: []string{
			">ak= asks for a way from the place a to the place k on a map that is the same " +
				"in every run.",
			"The response 7QHk names the places on the way. On the map a is joined to 7, 7 to Q, " +
				"Q to H and H to k.",
			"Every step follows an edge and the last place is k, so it is right. Other ways to k " +
				"are right too.",
		},
	},
	Alphabet: pathsPlaces + "<>=",
	Levels: []Level{
		{Name: "id", Title: "near places",
			Doc: "places that are two to four steps apart: what is practised"},
		{Name: "ood", Title: "far places",
			Doc: "places that are five steps apart or more, which are not practised"},
		{Name: "prior", Title: "walks backwards",
			Doc: "a walk of six places told backwards: a skill from before, not practised"},
	},
	HeldOutPrompts: 256,
	MaxResponse:    pathsLongest + 1,
	Prompts:        1000,
	Knobs: []param.Knob{
		param.Choice("style", "short", []string{"short", "walk"},
			"Which way the demonstrations take. short is one of the shortest ways. walk, the "+
				"base's own "+
				"style, is a way that wanders and arrives.").
			Naming("shortest way", "own style, wandering").
			Called("style of the demonstrations").ShownFirst(),
	},
	Base:  "paths",
	Atlas: drawPaths,
	Form: ">, two places that are not neighbours and =, such as >ak=; or <, six places of " +
		"a walk and =",
	Read:   readPaths,
	Sample: samplePaths,
	Demonstrate: func(r *num.Rand, p Problem, k param.Values) string {
		if p.Level == "prior" {
			return p.Answer
		}
		aims := 1.0
		if k.Choice("style") == "walk" {
			aims = pathsAims
		}
		for {
			if way := walkPaths(r, p.Prompt[1], p.Prompt[2], aims); way[len(way)-1] == p.Prompt[2] {
				return way
			}
		}
	},
	Pretrain: func(r *num.Rand) (Problem, string) {
		level := "prior"
		if r.Float64() >= pathsPriorShare {
			level = []string{"id", "ood"}[r.IntN(2)]
		}
		p := samplePaths(r, level)
		if level == "prior" {
			return p, p.Answer
		}
		return p, walkPaths(r, p.Prompt[1], p.Prompt[2], pathsAims)
	},
	Reward: func(p Problem, response string) float64 {
		if p.Level == "prior" && response == p.Answer ||
			p.Level != "prior" && pathsArrives(p, response) {
			return 1
		}
		return 0
	},
}

// pathsArrives reports whether a response follows edges from the first place of the prompt to the
// second.
func pathsArrives(p Problem, response string) bool {
	at := p.Prompt[1]
	for i := range response {
		if strings.IndexByte(pathsMap.near[at], response[i]) < 0 {
			return false
		}
		at = response[i]
	}
	return at == p.Prompt[2]
}

// pathsDistances is the map: the places next to each, and how many steps there are from each to
// each.
type pathsDistances struct {
	near  [128]string
	steps [128][128]int
}

// drawPaths returns the map as pictures show it.
func drawPaths() Atlas {
	a := Atlas{Ring: string(pathsRing)}
	for _, place := range pathsRing {
		a.Near = append(a.Near, pathsMap.near[place])
	}
	return a
}

// pathsRing holds all places in the order of the ring, and pathsAcross the pairs that are joined
// across it.
var pathsRing, pathsAcross = func() (ring, across []byte) {
	r := num.NewRand(0, "world", "paths")
	return shuffled(&r, pathsPlaces), shuffled(&r, pathsPlaces)
}()

// pathsMap is a ring through all places, in an order that cannot be guessed, with an edge across it
// from every place.
var pathsMap = func() (m pathsDistances) {
	ring, across := pathsRing, pathsAcross
	join := func(a, b byte) {
		if strings.IndexByte(m.near[a], b) < 0 {
			m.near[a], m.near[b] = m.near[a]+string(b), m.near[b]+string(a)
		}
	}
	for i := range ring {
		join(ring[i], ring[(i+1)%len(ring)])
	}
	for i := 0; i < len(across); i += 2 {
		join(across[i], across[i+1])
	}
	for _, from := range []byte(pathsPlaces) {
		reached := []byte{from}
		for i := 0; i < len(reached); i++ {
			for _, next := range []byte(m.near[reached[i]]) {
				if next != from && m.steps[from][next] == 0 {
					m.steps[from][next] = m.steps[from][reached[i]] + 1
					reached = append(reached, next)
				}
			}
		}
	}
	return m
}()

func shuffled(r *num.Rand, text string) []byte {
	out := []byte(text)
	for i := len(out) - 1; i > 0; i-- {
		j := r.IntN(i + 1)
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// walkPaths walks from one place towards another, visiting no place twice, until it arrives or
// cannot go on. A share aims of the steps shortens the distance; the others go to any neighbour.
func walkPaths(r *num.Rand, from, to byte, aims float64) string {
	way := string(from)
	for from != to && len(way) <= pathsLongest {
		aimed, choices := r.Float64() < aims, ""
		for _, next := range []byte(pathsMap.near[from]) {
			if strings.IndexByte(way, next) < 0 &&
				(!aimed || pathsMap.steps[next][to] < pathsMap.steps[from][to]) {
				choices += string(next)
			}
		}
		if choices == "" {
			break
		}
		from = choices[r.IntN(len(choices))]
		way += string(from)
	}
	return way[1:]
}

func samplePaths(r *num.Rand, level string) Problem {
	for {
		from, to := pathsPlaces[r.IntN(len(pathsPlaces))], pathsPlaces[r.IntN(len(pathsPlaces))]
		if level == "prior" {
			if walk := string(from) + walkPaths(r, from, 0, 0); len(walk) >= pathsShown {
				return askBackwards(walk[:pathsShown])
			}
			continue
		}
		if level == pathsLevel(from, to) {
			return askPaths(r, from, to)
		}
	}
}

func readPaths(prompt string) (Problem, bool) {
	kind, places := cutPrompt(prompt)
	switch {
	case kind == ">" && madeOf(places, pathsPlaces, 2) && pathsLevel(places[0], places[1]) != "":
		r := num.NewRand(0, "read", "paths/"+prompt)
		return askPaths(&r, places[0], places[1]), true
	case kind == "<" && madeOf(places, pathsPlaces, pathsShown):
		for i := 1; i < len(places); i++ {
			if strings.IndexByte(pathsMap.near[places[i-1]], places[i]) < 0 ||
				strings.IndexByte(places[:i], places[i]) >= 0 {
				return Problem{}, false
			}
		}
		return askBackwards(places), true
	}
	return Problem{}, false
}

// pathsLevel returns the level of the distance between two places, or "" if they are neighbours.
func pathsLevel(from, to byte) string {
	switch steps := pathsMap.steps[from][to]; {
	case steps > pathsNear:
		return "ood"
	case steps >= 2:
		return "id"
	}
	return ""
}

// askPaths returns the problem of finding a way, with one of the shortest.
func askPaths(r *num.Rand, from, to byte) Problem {
	return Problem{
		Level: pathsLevel(from, to), Prompt: ">" + string(from) + string(to) + "=",
		Answer: walkPaths(r, from, to, 1),
		Key:    string(min(from, to)) + string(max(from, to)), // the way back is the same way
	}
}

func askBackwards(walk string) Problem {
	return Problem{Level: "prior", Prompt: "<" + walk + "=", Answer: backwards(walk), Key: walk}
}
