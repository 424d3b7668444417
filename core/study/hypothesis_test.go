package study

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
)

// Whatever the seeds have in common cancels: a difference that is nearly the same for every seed is
// found under luck ten thousand times as large, in the right direction, and against what was
// expected.
func TestHypothesesArePaired(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		by := 10 * r.NormFloat64()
		a, b := make([]float64, 5), make([]float64, 5)
		for i := range a {
			luck := 1e4 * r.NormFloat64()
			a[i], b[i] = luck+by+1+0.1*r.Float64(), luck
		}
		if got := Decide(recipe.Hypothesis{By: by}, a, b); got.Outcome != Reproduced {
			t.Fatalf("%v less %v, expected more than %v: %+v", a, b, by, got)
		}
		if got := Decide(recipe.Hypothesis{By: -by}, b, a); got.Outcome != NotReproduced {
			t.Fatalf("%v less %v, expected more than %v: %+v", b, a, -by, got)
		}
	}
}

// A ratio is taken for each seed by itself, so that a factor common to both values of a seed
// cancels.
func TestRatiosArePaired(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		by := 1 + 9*r.Float64()
		a, b := make([]float64, 5), make([]float64, 5)
		for i := range a {
			b[i] = math.Exp(3 * r.NormFloat64())
			a[i] = b[i] * (by + 0.1 + 0.01*r.Float64())
		}
		if got := Decide(recipe.Hypothesis{By: by, Ratio: true}, a, b); got.Outcome != Reproduced {
			t.Fatalf("%v over %v, expected more than %v: %+v", a, b, by, got)
		}
		if got := Decide(recipe.Hypothesis{By: 1 / by, Ratio: true}, b,
			a); got.Outcome != NotReproduced {
			t.Fatalf("%v over %v, expected more than %v: %+v", b, a, 1/by, got)
		}
	}
}

// The ledger can be asked like a metric.
func TestHypothesesAboutTheLedger(t *testing.T) {
	results := []*Result{result(3, 0.2, 0.9), result(4, 0.4, 0.7)}
	for _, r := range results {
		r.Lanes[1].Cost.FLOPs *= 10
	}
	got, err := test(recipe.Hypothesis{Metric: "cost/flops", Higher: "grpo", Lower: "sft",
		Ratio: true, By: 9}, results)
	if err != nil || !reflect.DeepEqual(got.Difference, Estimate{10, &Interval{10, 10}, 2}) ||
		got.Outcome != Reproduced {
		t.Errorf("%+v, %v", got, err)
	}
}

// One seed decides nothing, however large the difference is.
func TestOneSeedDecidesNothing(t *testing.T) {
	for _, difference := range []float64{-1e6, 0, 1e6} {
		if got := Decide(recipe.Hypothesis{By: 0.5}, []float64{difference},
			nil); got.Outcome != Inconclusive {
			t.Errorf("a difference of %v: %+v", difference, got)
		}
	}
}

// With the true difference at what was expected, an outcome other than inconclusive is a mistake,
// and comes up in one of twenty studies: 5 % ± 1.3 % (three standard errors) of 2500.
func TestOneInTwentyIsWrong(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	wrong := 0
	for range 2500 {
		a := make([]float64, 5)
		for i := range a {
			a[i] = 3 + r.NormFloat64()
		}
		if Decide(recipe.Hypothesis{By: 3}, a, nil).Outcome != Inconclusive {
			wrong++
		}
	}
	if share := float64(wrong) / 2500; share < 0.037 || share > 0.063 {
		t.Errorf("%.3f of the studies decide what cannot be decided, want 0.05", share)
	}
}

func TestOverall(t *testing.T) {
	of := func(outcomes ...Outcome) (all []Tested) {
		for _, o := range outcomes {
			all = append(all, Tested{Outcome: o})
		}
		return all
	}
	for want, all := range map[Outcome][]Tested{
		Reproduced: of(Reproduced, Reproduced), Inconclusive: of(Inconclusive, Reproduced),
		NotReproduced: of(Inconclusive, NotReproduced, Reproduced),
	} {
		if got := Overall(all); got != want {
			t.Errorf("%v together are %s, want %s", all, got, want)
		}
	}
}

// What the results do not have is named.
func TestUntestable(t *testing.T) {
	results := []*Result{result(3, 0.2, 0.9), result(4, 0.4, 0.7)}
	label := results[0].Lanes[0].Label
	for want, h := range map[string]recipe.Hypothesis{
		`seed 3 has no lane "none"`:     {Metric: "m", Higher: "none"},
		"was not measured at elsewhere": {Metric: "elsewhere", Higher: label},
		"not measured at cost/time":     {Metric: "cost/time", Higher: label},
		"of lane sft is 0": {Metric: "cost/demonstrations", Higher: "grpo",
			Lower: "sft", Ratio: true},
	} {
		if _, err := test(h, results); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", h, err, want)
		}
	}
}

// The base stands beside the lanes: with what it was measured at first, whichever lanes there are,
// and in the summary too.
func TestTheBaseIsComparedToo(t *testing.T) {
	r := parse(t, tinyLink+"&passk=4")
	var results []*Result
	for _, seed := range []uint64{1, 2} {
		if err := r.SetSeed(seed); err != nil {
			t.Fatal(err)
		}
		result, err := runOpenings(context.Background(), r, tiny(r), Options{Threads: 2})
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, result)
	}
	const metric = "eval/id/pass_at_4"
	for _, h := range []recipe.Hypothesis{{Metric: metric, Higher: recipe.OfBase, Lower: "rft"},
		{Metric: metric, Higher: "rft", Lower: recipe.OfBase}} {
		tested, err := test(h, results)
		if err != nil {
			t.Fatal(err)
		}
		base, lane := tested.OfHigher, tested.OfLower
		if h.Lower == recipe.OfBase {
			base, lane = lane, base
		}
		for i, result := range results {
			if base[i] != result.Base[metric] || lane[i] != result.Lanes[1].Metrics[metric] {
				t.Errorf("%+v: seed %d has %v of the base and %v of the lane", h, result.Seed,
					base[i], lane[i])
			}
		}
	}
	if got := summarise(results).Base[metric]; got.N != 2 ||
		got.Mean != (results[0].Base[metric]+results[1].Base[metric])/2 {
		t.Errorf("the summary says %+v of the base", got)
	}
	if _, err := test(recipe.Hypothesis{Metric: "eval/prior/pass_at_4", Higher: recipe.OfBase},
		results); err == nil {
		t.Error("a measure that nobody took is compared")
	}
}
