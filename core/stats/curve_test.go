package stats

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
)

// The isotonic regression is also, at each point, the largest over all starts before it of the
// smallest mean up to any end after it (Barlow et al. 1972).
func TestRisingIsIsotonicRegression(t *testing.T) {
	for i := range 100 {
		r := num.NewRand(uint64(i), "test/rising", "")
		points := make([]Point, 1+r.IntN(12))
		for k := range points {
			points[k] = Point{float64(k), math.Floor(4*r.Float64()) + float64(k)/3}
		}
		for k, p := range Rising(points) {
			best := math.Inf(-1)
			for from := range k + 1 {
				least, sum := math.Inf(1), 0.0
				for to := from; to < len(points); to++ {
					sum += points[to].Value
					if to >= k {
						least = min(least, sum/float64(to-from+1))
					}
				}
				best = max(best, least)
			}
			near(t, "a rising value", p.Value, best)
			near(t, "its cost", p.Cost, float64(k))
		}
	}
}

func TestReach(t *testing.T) {
	curve := []Point{{0, .1}, {10, .3}, {20, .7}, {30, .5}, {40, .9}}
	// Rising, it is 0.1, 0.3, 0.6, 0.6, 0.9.
	for _, c := range []struct{ target, want float64 }{
		{0, 0}, {.1, 0}, {.2, 5}, {.45, 15}, {.6, 20}, {.65, 30 + 10*.05/.3}, {.9, 40},
	} {
		cost, ok := Reach(curve, c.target)
		if near(t, "the cost", cost, c.want); !ok {
			t.Errorf("%v is not reached", c.target)
		}
	}
	if cost, ok := Reach(curve, .91); ok || !math.IsInf(cost, 1) {
		t.Errorf("0.91 is reached at %v", cost)
	}
}

func TestCostToReach(t *testing.T) {
	line := func(base string, seed uint64, slope float64) Curve {
		return Curve{base, seed, []Point{{0, 0}, {100, slope * 100}, {200, slope * 200}}}
	}
	c, err := CostToReach([]Curve{line("a", 1, .01), line("a", 2, .004), line("b", 1, .02),
		line("b", 2, .008)}, 1, 150)
	if err != nil {
		t.Fatal(err)
	}
	if want := []float64{100, 150, 50, 125}; !slices.Equal(c.Restricted.values, want) {
		t.Errorf("the costs are %v, want %v", c.Restricted.values, want)
	}
	if c.Reached != 3 || c.Runs != 4 {
		t.Errorf("%d of %d runs reach the target, want 3 of 4", c.Reached, c.Runs)
	}
}

func TestCurvesThatSayNothingOfTheCost(t *testing.T) {
	for want, points := range map[string][]Point{
		"has no point": nil,
		"base \"a\", seed 7 ends at 20, below the target and before the budget of 30": {{0, 0},
			{20, .5}},
		"goes from cost 20 to 20": {{0, 0}, {20, .5}, {20, 1}},
		"want numbers":            {{0, math.NaN()}},
	} {
		_, err := CostToReach([]Curve{{"a", 7, points}}, .9, 30)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", points, err, want)
		}
	}
	// A run may stop early once it is there.
	if _, err := CostToReach([]Curve{{"a", 7, []Point{{0, 0}, {20, 1}}}}, .9, 30); err != nil {
		t.Error(err)
	}
}
