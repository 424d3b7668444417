package guide

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/param"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		asked Asked
		want  Situation
	}{
		{Asked{Have: "demos=200,verifier", Need: "ood,retain", Budget: "2e12flops"},
			Situation{Have: []string{"demos", "verifier"}, Need: []string{"ood", "retain"},
				Limits: []Limit{{costDemos, 200}, {costFLOPs, 2e12}}, Target: 0.9}},
		{Asked{Need: " id , cheap,", Target: 0.8}, Situation{Need: []string{"id", "cheap"},
			Target: 0.8}},
		{Asked{Have: "own_demos=300", Need: "id", Budget: "500Demos, 2.5e3 checks,1e2labels"},
			Situation{Have: []string{"own_demos"}, Need: []string{"id"}, Target: 0.9,
				Limits: []Limit{{costDemos, 300}, {costChecks, 2500}, {costLabels, 100}}}},
		{Asked{Application: "code"}, Situation{Need: []string{"id", "ood", "diversity"},
			Target: 0.9, Application: "code"}},
		{Asked{Application: "code", Need: "short"}, Situation{Need: []string{"short"},
			Target: 0.9, Application: "code"}},
	} {
		if got, err := c.asked.Parse(); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%+v is %+v, %v", c.asked, got, err)
		}
	}
}

// What cannot be is refused in one sentence that says what would be accepted.
func TestParseRefuses(t *testing.T) {
	for _, c := range []struct {
		asked Asked
		want  string
	}{
		{Asked{}, "nothing is needed: say what, such as ood,retain; accepted: id, ood"},
		{Asked{Need: "odd"}, "did you mean ood?"},
		{Asked{Need: "ood,id,ood"}, "ood is needed twice"},
		{Asked{Need: "id", Have: "verifer"}, "did you mean verifier?"},
		{Asked{Need: "id", Have: "demos,demos=2"}, "demos is there twice"},
		{Asked{Need: "id", Have: "demos,nothing"}, "nothing is said together with something else"},
		{Asked{Need: "id", Have: "teacher=2"}, "teacher takes no number: write teacher alone"},
		{Asked{Need: "id", Have: "demos=many"}, "demos=many is no amount that can be spent"},
		{Asked{Need: "id", Have: "demos=0"}, "want a number from 1"},
		{Asked{Need: "id", Budget: "12"}, "is not a number with its unit"},
		{Asked{Need: "id", Budget: "flops"}, "is not a number with its unit"},
		{Asked{Need: "id", Budget: "1e12flop"}, "did you mean flops?"},
		{Asked{Need: "id", Budget: "nanflops"}, "is not a number with its unit"},
		{Asked{Need: "id", Budget: "-5flops"}, "want a number from 1"},
		{Asked{Need: "id", Target: 1.5}, "want a share above 0 and at most 1"},
		{Asked{Application: "math"}, "did you mean maths?"},
	} {
		_, err := c.asked.Parse()
		if err == nil || !strings.Contains(err.Error(), c.want) ||
			strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v: %v, want %q", c.asked, err, c.want)
		}
	}
}

// Every word is declared as a whole, every input is given by a word, and applications need what
// there are words for.
func TestWords(t *testing.T) {
	gives := map[Input]bool{}
	seen := map[string]bool{}
	check := func(kind, name, title, doc string) {
		if !param.IsName(name) || title == "" || doc == "" || seen[kind+name] {
			t.Errorf("%s %q (%s): %s", kind, name, title, doc)
		}
		seen[kind+name] = true
	}
	for _, h := range Haves() {
		check("have", h.Name, h.Title, h.Doc)
		for _, input := range h.Gives {
			gives[input] = true
		}
		if h.Spends != "" && !slices.Contains(Costs(), h.Spends) {
			t.Errorf("%s spends %s", h.Name, h.Spends)
		}
	}
	for _, input := range []Input{OwnDemos, ForeignDemos, OtherDemos, OldDemos, Verifier, Labels,
		RewardModel, Teacher} {
		if !gives[input] || inputTitle(input) == "" {
			t.Errorf("no word gives %s, or it has no title", input)
		}
	}
	for _, n := range Needs() {
		check("need", n.Name, n.Title, n.Doc)
		if len(n.Measures) == 0 {
			t.Errorf("%s is judged by nothing", n.Name)
		}
	}
	for _, u := range Units() {
		check("unit", u.Name, u.Title, u.Title)
		if !slices.Contains(Costs(), u.Cost) {
			t.Errorf("%s counts %s", u.Name, u.Cost)
		}
	}
	for _, a := range Applications() {
		check("application", a.Name, a.Title, a.Doc)
		if _, err := (Asked{Application: a.Name}).Parse(); err != nil || len(a.Tasks) == 0 {
			t.Errorf("%s: %v", a.Name, err)
		}
	}
}
