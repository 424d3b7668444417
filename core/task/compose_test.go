package task

import (
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

// The verifier once more, with each function as the places that its symbols come from, or by how
// much they move.
var _ = enter("compose", func(t testing.TB, prompt string, tokens []int32) float64 {
	t.Helper()
	text, ended := readResponse("stuvwxyzabcdef:=", tokens)
	places := map[rune][]int{'s': {3, 2, 1, 0}, 't': {1, 2, 3, 0}, 'u': {1, 0, 3, 2},
		'v': {2, 3, 0, 1}, 'y': {0, 1, 0, 1}, 'z': {0, 1, 2, 0}}
	moves := map[rune]int{'w': 1, 'x': 5}
	names, word, _ := strings.Cut(strings.TrimSuffix(prompt, "="), ":")
	for _, name := range names {
		from, ok := places[name]
		if !ok {
			from = []int{0, 1, 2, 3}
		}
		var made []byte
		for _, i := range from {
			made = append(made, 'a'+(word[i]-'a'+byte(moves[name]))%6)
		}
		word = string(made)
	}
	if ended && len(text) >= 4 && text[len(text)-4:] == word {
		return 1
	}
	return 0
})

func TestComposeByHand(t *testing.T) {
	compose, err := Lookup("compose")
	if err != nil {
		t.Fatal(err)
	}
	y := param.Defaults(compose.Knobs)
	if err := y.Set("style", "y"); err != nil {
		t.Fatal(err)
	}
	p := Problem{Level: "five", Prompt: "stwxz:dacf=", Key: "stwxz:dacf", Answer: "cadc"}
	r := num.NewRand(1, "test", "compose")
	if x, y := compose.Demonstrate(&r, p, param.Defaults(compose.Knobs)), compose.Demonstrate(&r, p,
		y); x != "sfcadtcadfwdbeaxcadfzcadc" || y != "fcadcadfdbeacadfcadc" {
		t.Errorf("demonstrations are %s and %s", x, y)
	}
	for response, want := range map[string]float64{
		"sfcadtcadfwdbeaxcadfzcadc": 1, "cadc": 1, "scadc": 1,
		"": 0, "adc": 0, "cadcs": 0, "cadf": 0, "dacf": 0,
	} {
		if got := compose.Reward(p, response); got != want {
			t.Errorf("%q earns %v, want %v", response, got, want)
		}
	}
}

// What stands before a step and what it is named say what comes of it for one function alone; for
// more, six times in ten or by luck.
func TestComposeIsMixedUpWhereThereAreMore(t *testing.T) {
	compose, err := Lookup("compose")
	if err != nil {
		t.Fatal(err)
	}
	tried, right, seen := map[string]float64{}, map[string]float64{}, map[int]bool{}
	for i := range 6000 {
		p, response := compose.PretrainExample(1, i)
		names, word, _ := strings.Cut(p.Key, ":")
		tried[p.Level]++
		if strings.HasPrefix(response, names[:1]+composeApply(names[0], word)) {
			right[p.Level]++
		}
		seen[len(names)] = true
		if len(response) != 5*len(names) || slices.Contains([]byte(names[1:]), names[0]) {
			t.Fatalf("%s is answered with %s", p.Prompt, response)
		}
	}
	// Of the other function, at least one in eight is the right one by luck. Some 2900 tries: five
	// standard deviations are below .05.
	if right["prior"] != tried["prior"] {
		t.Errorf("one function alone is right %v times of %v", right["prior"], tried["prior"])
	}
	if share := right["id"] / tried["id"]; share < 1-composeConfused*7/8-.05 ||
		share > 1-composeConfused*.5 {
		t.Errorf("the first of two functions is right in a share of %v", share)
	}
	if len(seen) != 5 {
		t.Errorf("the base met %v functions at a time", seen)
	}
}
