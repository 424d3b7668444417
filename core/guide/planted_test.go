package guide

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// ends has what a planted run ends with.
type ends struct {
	id, ood, prior, tokens float64
}

// lane is a planted config: what its runs end with, in the tuning part and in the judged part.
type lane struct {
	inputs      []Input
	tune, judge ends
	flops       float64 // of the whole run
	spends      string  // another cost, which grows by 100 at each measurement; "" means none
	varies      float64 // how much bases vary; 0 means 1, a little
	seed        int     // another one gives other variation
}

// quarters is how many measurements a planted run has after its start.
const quarters = 4

// run returns a planted run that rises on a straight line from a base of .45, .45 and .95.
func (l lane) run(to ends, base, seed int, link string) Run {
	start := ends{0.45, 0.45, 0.95, 6}
	bases := []float64{-0.03, 0.01, 0, 0.025, -0.005}
	seeds := []float64{0.006, -0.005, 0}
	varies := l.varies
	if varies == 0 {
		varies = 1
	}
	noise := varies * (bases[(base+l.seed)%len(bases)] + seeds[seed%len(seeds)] +
		0.004*float64((base*7+seed*3+l.seed)%5-2))
	inside := func(x float64) float64 { return min(1, max(0, x+noise)) }
	r := Run{Link: link, Costs: make([]Numbers, len(Costs())), Values: make([]Numbers, 4)}
	spent := slices.Index(Costs(), l.spends)
	for q := range quarters + 1 {
		part := float64(q) / quarters
		way := func(from, to float64) float64 {
			if q == 0 {
				return from
			}
			return from + part*(inside(to)-from)
		}
		r.Steps = append(r.Steps, float64(10*q))
		r.Costs[0] = append(r.Costs[0], part*l.flops)
		if spent >= 0 {
			r.Costs[spent] = append(r.Costs[spent], float64(100*q))
		}
		r.Values[0] = append(r.Values[0], way(start.id, to.id))
		r.Values[1] = append(r.Values[1], way(start.ood, to.ood))
		r.Values[2] = append(r.Values[2], way(start.prior, to.prior))
		r.Values[3] = append(r.Values[3], start.tokens+part*(to.tokens+10*noise-start.tokens))
	}
	return r
}

// arm returns a planted arm.
func arm(name string, lanes ...lane) Arm {
	a := Arm{Name: strings.ToLower(name), Title: name}
	for i, l := range lanes {
		c := Config{Lane: fmt.Sprintf("%s,lr=%de-4", a.Name, i+1), Inputs: l.inputs}
		for b := range 2 {
			c.Tune = append(c.Tune, l.run(l.tune, b, 0, ""))
		}
		for b := range 5 {
			for s := range 3 {
				c.Judge = append(c.Judge, l.run(l.judge, b, s,
					fmt.Sprintf("cards?base=cards,seed=%d&seed=%d&lane=%s", 101+b, 201+s, c.Lane)))
			}
		}
		a.Configs = append(a.Configs, c)
	}
	return a
}

// both returns a lane that ends alike in both parts.
func both(inputs []Input, to ends, seed int) lane {
	return lane{inputs: inputs, tune: to, judge: to, flops: 1e11, seed: seed}
}

// study returns a planted study of five bases with three seeds.
func study(name string, arms ...Arm) Study {
	return Study{Name: name, Title: "Planted", Cells: 100, Results: "abc",
		Experiments: []Experiment{{
			Name: "cards", Task: "cards", TaskTitle: "A card game", Recipe: "cards",
			Tune:  Part{[]uint64{11, 12}, []uint64{11}},
			Judge: Part{[]uint64{101, 102, 103, 104, 105}, []uint64{201, 202, 203}},
			Columns: []Column{
				{Need: "id", Metric: "eval/id/accuracy", Title: "accuracy at rule A", Share: true},
				{Need: "ood", Metric: "eval/ood/accuracy", Title: "accuracy at rule B",
					Share: true},
				{Need: "retain", Metric: "eval/prior/accuracy", Title: "accuracy at sorting",
					Share: true},
				{Need: "short", Metric: "eval/id/response_tokens", Title: "length", Lower: true},
			},
			Arms: arms,
		}}}
}

// ask asks about studies in words.
func ask(t *testing.T, a Asked, studies ...Study) Answer {
	t.Helper()
	s, err := a.Parse()
	if err != nil {
		t.Fatal(err)
	}
	return Ask(studies, s)
}

// only returns the only setting of an answer.
func only(t *testing.T, a Answer) Found {
	t.Helper()
	if len(a.Found) != 1 {
		t.Fatalf("%d settings, want 1", len(a.Found))
	}
	return a.Found[0]
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

var (
	demos    = []Input{OwnDemos}
	foreign  = []Input{ForeignDemos}
	verifier = []Input{Verifier}
)
