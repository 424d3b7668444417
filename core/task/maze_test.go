package task

import (
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
)

// The verifier once more, as a figure on a drawing of the maze with a wall all around, that turns
// on the spot and goes forward.
var _ = enter("maze", func(t testing.TB, prompt string, tokens []int32) float64 {
	t.Helper()
	text, ended := readResponse("ABCDEFGHIJKLMNOPneswfrblXYW:=", tokens)
	if !ended {
		return 0
	}
	drawing := "######" + "#ABCD#" + "#EFGH#" + "#IJKL#" + "#MNOP#" + "######"
	at := strings.Index(drawing, prompt[1:2])
	forward := map[rune]int{'n': -6, 'e': 1, 's': 6, 'w': -1}
	if prompt[0] == 'W' {
		want := ""
		for _, move := range prompt[2 : len(prompt)-1] {
			at += forward[move]
			want += drawing[at : at+1]
		}
		if text == want {
			return 1
		}
		return 0
	}
	start, rest, _ := strings.Cut(prompt[1:len(prompt)-1], ":")
	for _, wall := range strings.Split(rest, "") {
		drawing = strings.Replace(drawing, wall, "#", 1)
	}
	right := map[int]int{-6: 1, 1: 6, 6: -1, -1: -6}
	ahead := -6
	for _, symbol := range text {
		switch {
		case strings.ContainsRune("ABCDEFGHIJKLMNOP", symbol):
			continue
		case prompt[0] == 'X' && forward[symbol] != 0:
			ahead = forward[symbol]
		case prompt[0] == 'Y' && strings.ContainsRune("frbl", symbol):
			for range strings.IndexRune("frbl", symbol) {
				ahead = right[ahead]
			}
		default:
			return 0
		}
		if drawing[at+ahead] != '#' {
			at += ahead
		}
	}
	if drawing[at] != start[1] {
		return 0
	}
	return 1
})

func TestMazeByHand(t *testing.T) {
	maze, err := Lookup("maze")
	if err != nil {
		t.Fatal(err)
	}
	// S . # .      A to J; walls at C, F, G and M
	// . # # .
	// . T . .
	// # . . .
	for response, want := range map[string]float64{
		"sse": 1, "sEsIeJ": 1, "sZ": 0, "sEsIe": 1, "ssenn": 1, "ssew": 0, "ssewe": 1, "ss": 0,
		"": 0, "J": 0, "es": 0, "esee": 0,
		"nsse": 1, "wsse": 1, "nAwAsEsIeJ": 1, "eessse": 0, "bfl": 0, "ssef": 0,
	} {
		if got := maze.Reward(Problem{Level: "id", Prompt: "XAJ:CFGM="}, response); got != want {
			t.Errorf("by the compass, %q earns %v, want %v", response, got, want)
		}
	}
	for response, want := range map[string]float64{
		"bfl": 1, "bEfIlJ": 1, "bflbb": 1, "bfr": 0, "sse": 0, "bf": 0, "ffl": 0, "bflf": 0, "": 0,
		"fbfl": 1, "flblf": 0, "llfl": 1,
	} {
		if got := maze.Reward(Problem{Level: "ood", Prompt: "YAJ:CFGM="}, response); got != want {
			t.Errorf("by turns, %q earns %v, want %v", response, got, want)
		}
	}
}

// What the world says, by hand.
func TestMazeWorld(t *testing.T) {
	maze, err := Lookup("maze")
	if err != nil {
		t.Fatal(err)
	}
	for response, want := range map[string]string{
		"": "", "s": "E", "sE": "", "sEE": "", "sEs": "I", "e": "B", "eBe": "B", "n": "A",
		"sEsIe": "J", "f": "", "=": "", "=s": "E",
	} {
		if got := maze.World(Problem{Level: "id", Prompt: "XAJ:CFGM="}, response); got != want {
			t.Errorf("by the compass, to %q the world says %q, want %q", response, got, want)
		}
	}
	for response, want := range map[string]string{"b": "E", "bEf": "I", "bEfIl": "J", "f": "A",
		"l": "A", "r": "B", "s": ""} {
		if got := maze.World(Problem{Level: "ood", Prompt: "YAJ:CFGM="}, response); got != want {
			t.Errorf("by turns, to %q the world says %q, want %q", response, got, want)
		}
	}
	if said := maze.World(Problem{Level: "prior", Prompt: "WAsennwse="}, "s"); said != "" {
		t.Errorf("who follows moves is told %q", said)
	}
}

// The base keeps off the walls under both rules and gets there in a share of its walks, the same
// for both.
func TestMazeWalks(t *testing.T) {
	maze, err := Lookup("maze")
	if err != nil {
		t.Fatal(err)
	}
	tried, arrived := map[string]float64{}, map[string]float64{}
	for i := range 12000 {
		p, response := maze.PretrainExample(1, i)
		if p.Level == "prior" {
			continue
		}
		tried[p.Level]++
		arrived[p.Level] += maze.Reward(p, response)
		m := readMaze(p)
		if m.end = strings.IndexByte(mazeSquares,
			response[len(response)-1]); !m.solvedBy(response) {
			t.Fatalf("%s is answered with %s, which does not lead where it says", p.Prompt,
				response)
		}
	}
	// Some 3200 tries each: five standard deviations of a difference are below .065.
	if id, ood := arrived["id"]/tried["id"], arrived["ood"]/tried["ood"]; id < .3 || id > .6 ||
		id-ood > .065 || ood-id > .065 {
		t.Errorf("walks arrive in a share of %v by the compass and %v by turns", id, ood)
	}
}

// Nothing is nearer than the expert's way, whichever moves are tried.
func TestMazeDemonstrationsAreShort(t *testing.T) {
	maze, err := Lookup("maze")
	if err != nil {
		t.Fatal(err)
	}
	for i := range uint64(300) {
		r := num.NewRand(i, "test", "maze")
		p := maze.Sample(&r, []string{"id", "ood"}[i%2])
		for n := range len(p.Answer) {
			tries := 1
			for range n {
				tries *= 4
			}
			for try := range tries {
				way := ""
				for range n {
					way += map[byte]string{'X': mazeCompass,
						'Y': mazeTurns}[p.Prompt[0]][try%4:][:1]
					try /= 4
				}
				if maze.Reward(p, way) == 1 {
					t.Fatalf("%s: %s is nearer than %s", p.Prompt, way, p.Answer)
				}
			}
		}
	}
}
