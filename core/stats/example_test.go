package stats_test

import (
	"errors"
	"fmt"

	"github.com/posttrain/posttrain/core/stats"
)

// lane returns the scores of a lane: by base, the accuracy of three seeds.
func lane(scores [][3]float64) stats.Sample {
	var all []stats.Score
	for base, seeds := range scores {
		for seed, v := range seeds {
			all = append(all, stats.Score{Base: fmt.Sprintf("cards,seed=%d", base+1),
				Seed: uint64(seed + 1), Value: v})
		}
	}
	s, err := stats.NewSample(all)
	if err != nil {
		panic(err)
	}
	return s
}

func grpo() stats.Sample {
	return lane([][3]float64{{.91, .93, .90}, {.88, .90, .92}, {.94, .95, .91}, {.86, .90, .88},
		{.92, .89, .93}})
}

func sft() stats.Sample {
	return lane([][3]float64{{.84, .88, .85}, {.85, .84, .83}, {.86, .90, .88}, {.71, .77, .74},
		{.87, .86, .89}})
}

func pair() stats.Pair {
	p, err := stats.NewPair(grpo(), sft())
	if err != nil {
		panic(err)
	}
	return p
}

// share has the bounds of an accuracy.
func share() *stats.Range { return &stats.Range{Low: 0, High: 1} }

func ExampleSample_Mean() {
	e, err := grpo().Mean(stats.Options{Range: share()})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.3f [%.3f, %.3f] on %v\n", e.Value, e.Low, e.High, e.Design)
	// Output: 0.908 [0.881, 0.930] on 5x3x1
}

func ExamplePair_Difference() {
	e, err := pair().Difference(stats.Options{Range: share(), Against: 0.01})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.3f [%.3f, %.3f], p = %.3f that it is not above 0.01\n", e.Value, e.Low, e.High,
		e.PAbove)
	// Output: 0.070 [0.020, 0.119], p = 0.014 that it is not above 0.01
}

func ExamplePair_Ratio() {
	e, err := pair().Ratio(stats.Options{})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.2f times [%.2f, %.2f]\n", e.Value, e.Low, e.High)
	// Output: 1.08 times [1.02, 1.15]
}

func ExamplePair_Improvement() {
	e, err := pair().Improvement(stats.Options{})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.2f [%.2f, %.2f]\n", e.Value, e.Low, e.High)
	// Output: 0.99 [0.85, 1.00]
}

func ExamplePair_Effect() {
	e, err := pair().Effect(stats.Options{})
	if err != nil {
		panic(err)
	}
	fmt.Printf("g = %.1f [%.1f, %.1f]\n", e.Value, e.Low, e.High)
	// Output: g = 1.4 [0.3, 3.2]
}

// Three bases do not say how all bases are. With the bounds of the scores they say a little.
func ExampleOptions() {
	three := lane([][3]float64{{.9, .9, .9}, {.8, .9, .85}, {.95, .9, .9}})
	_, err := three.Mean(stats.Options{})
	fmt.Println(errors.Is(err, stats.ErrTooLittle), err)
	e, err := three.Mean(stats.Options{Range: share()})
	fmt.Printf("%.2f [%.2f, %.2f] %v\n", e.Value, e.Low, e.High, err)
	// Output:
	// true too little data for an interval: bases: 3, want at least 5
	// 0.89 [0.26, 0.97] <nil>
}

func ExampleHolm() {
	for _, p := range stats.Holm([]float64{0.01, 0.04, 0.03, 0.005}) {
		fmt.Printf("%.2f ", p)
	}
	// Output: 0.03 0.06 0.06 0.02
}

func ExampleSample_Components() {
	c := sft().Components(stats.Options{})
	fmt.Printf("bases %.0f %% [%.0f, %.0f], seeds %.0f %%\n", 100*c.Bases.Share,
		100*c.Bases.ShareLow, 100*c.Bases.ShareHigh, 100*c.Seeds.Share)
	// Output: bases 88 % [59, 99], seeds 12 %
}

func ExampleSample_Modes() {
	m := lane([][3]float64{{.97, .95, .12}, {.11, .96, .94}, {.95, .09, .10}, {.98, .96, .97},
		{.13, .94, .10}}).Modes(stats.Options{Range: share()})
	fmt.Printf("%d runs at %.2f, %d at %.2f, p = %.3f\n", m.Lower.Runs, m.Lower.Mean,
		m.Upper.Runs, m.Upper.Mean, m.P)
	// Output: 6 runs at 0.11, 9 at 0.96, p = 0.000
}

func ExamplePlan() {
	plan := stats.Plan{
		Design:     stats.Design{Bases: 5, Seeds: 3, Prompts: 128},
		Variances:  stats.Variances{Bases: 0.002, Seeds: 0.001, Rest: 0.2},
		Difference: 0.05,
	}
	bases, ok := plan.BasesFor(0.8, 20)
	fmt.Printf("power %.2f; 0.8 needs %d bases %v\n", plan.Power(), bases, ok)
	// Output: power 0.36; 0.8 needs 12 bases true
}

func ExampleTasks_InterquartileMean() {
	tasks := stats.Tasks{{.9, .8, .95, .9, .85}, {.5, .6, .4, .55, .5}, {.7, .1, .75, .7, .72}}
	e, err := tasks.InterquartileMean(stats.Options{Range: share()})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.2f [%.2f, %.2f]\n", e.Value, e.Low, e.High)
	// Output: 0.69 [0.61, 0.75]
}

func ExampleCostToReach() {
	curve := func(base string, values ...float64) stats.Curve {
		c := stats.Curve{Base: base, Seed: 1}
		for i, v := range values {
			c.Points = append(c.Points, stats.Point{Cost: float64(20 * i), Value: v})
		}
		return c
	}
	c, err := stats.CostToReach([]stats.Curve{curve("a", .1, .5, .9), curve("b", .1, .3, .8),
		curve("c", .1, .2, .3)}, 0.7, 40)
	if err != nil {
		panic(err)
	}
	fmt.Printf("reached by %d of %d; until then at most 40 steps: %.1f\n", c.Reached, c.Runs,
		c.Restricted.BaseMeans())
	// Output: reached by 2 of 3; until then at most 40 steps: [30.0 36.0 40.0]
}

func ExampleSweep_KeptAt() {
	constant := func(v float64) stats.Sample {
		return lane([][3]float64{{v, v, v}, {v + .01, v, v}, {v, v - .01, v}, {v, v, v + .02},
			{v - .01, v, v}})
	}
	sweep, err := stats.NewSweep([]stats.Setting{
		{Name: "lr=1e-4", New: constant(.6), Kept: constant(.95)},
		{Name: "lr=3e-4", New: constant(.8), Kept: constant(.85)},
		{Name: "lr=1e-3", New: constant(.7), Kept: constant(.5)}, // worse in both than 3e-4
	})
	if err != nil {
		panic(err)
	}
	for _, o := range sweep.Frontier() {
		fmt.Printf("new %.2f, kept %.2f\n", o.New, o.Kept)
	}
	e, err := sweep.KeptAt(0.7, stats.Options{Range: share()})
	fmt.Printf("kept at 0.7: %.2f [%.2f, %.2f] %v\n", e.Value, e.Low, e.High, err)
	// Output:
	// new 0.60, kept 0.95
	// new 0.80, kept 0.85
	// kept at 0.7: 0.90 [0.89, 0.91] <nil>
}

// Any statistic of the runs can be estimated, such as their interquartile mean.
func ExampleDesign_Bootstrap() {
	s := sft()
	e, err := s.Design().Bootstrap(stats.Options{Range: share()}, func(d stats.Draw) float64 {
		return stats.InterquartileMean(d.RunMeans(s))
	})
	fmt.Printf("%.3f [%.3f, %.3f] %v\n", e.Value, e.Low, e.High, err)
	// Output: 0.853 [0.766, 0.912] <nil>
}
