package stats

import (
	"fmt"
	"math"
)

// Point is one measurement on a learning curve.
type Point struct {
	Cost  float64 // steps, FLOPs, demonstrations: whatever is spent
	Value float64
}

// Curve is the learning curve of one run, in increasing order of cost.
type Curve struct {
	Base   string
	Seed   uint64
	Points []Point
}

// Rising returns the curve that never falls and is closest to the given one in least squares
// (isotonic regression). Where a curve falls again, it takes the mean, so a single measurement that
// happens to be high, or a skill that is lost again, does not count in full.
func Rising(points []Point) []Point {
	type block struct{ sum, n float64 }
	var blocks []block
	for _, p := range points {
		blocks = append(blocks, block{p.Value, 1})
		for k := len(blocks) - 1; k > 0 && blocks[k-1].sum/blocks[k-1].n >=
			blocks[k].sum/blocks[k].n; k-- {
			blocks[k-1].sum += blocks[k].sum
			blocks[k-1].n += blocks[k].n
			blocks = blocks[:k]
		}
	}
	rising := make([]Point, 0, len(points))
	for _, b := range blocks {
		for range int(b.n) {
			rising = append(rising, Point{points[len(rising)].Cost, b.sum / b.n})
		}
	}
	return rising
}

// Reach returns the cost at which a curve reaches a target: where the straight line between two
// points of its [Rising] curve does. reached is false if it never does.
func Reach(points []Point, target float64) (cost float64, reached bool) {
	rising := Rising(points)
	for i, p := range rising {
		if p.Value < target {
			continue
		}
		if i == 0 {
			return p.Cost, true
		}
		before := rising[i-1]
		part := (target - before.Value) / (p.Value - before.Value)
		return before.Cost + part*(p.Cost-before.Cost), true
	}
	return math.Inf(1), false
}

// Costs has what runs have spent to reach a target.
type Costs struct {
	// Restricted has the cost of each run, or the budget if the target was not reached within it.
	// Its mean is the restricted mean cost, which is comparable between lanes of one budget.
	Restricted    Sample
	Reached, Runs int // the runs that reached the target within the budget, and all
}

// CostToReach returns what each run has spent to reach a target within a budget. A run that has not
// reached it must have been measured up to the budget at least. How many times as much one lane
// spends as another is [Pair.Ratio] of the two Restricted samples.
func CostToReach(curves []Curve, target, budget float64) (Costs, error) {
	c := Costs{Runs: len(curves)}
	var scores []Score
	for _, run := range curves {
		score := Score{Base: run.Base, Seed: run.Seed, Value: budget}
		if err := run.check(budget); err != nil {
			return c, fmt.Errorf("the curve of %s %w", score.cell(), err)
		}
		cost, reached := Reach(run.Points, target)
		end := run.Points[len(run.Points)-1].Cost
		switch {
		case reached && cost <= budget:
			score.Value = cost
			c.Reached++
		case !reached && end < budget:
			return c, fmt.Errorf("the curve of %s ends at %v, below the target and before the "+
				"budget of %v", score.cell(), end, budget)
		}
		scores = append(scores, score)
	}
	var err error
	c.Restricted, err = NewSample(scores)
	return c, err
}

// check returns what is wrong with a curve.
func (c Curve) check(budget float64) error {
	if len(c.Points) == 0 {
		return fmt.Errorf("has no point")
	}
	for i, p := range c.Points {
		if math.IsNaN(p.Cost) || math.IsInf(p.Cost, 0) || math.IsNaN(p.Value) {
			return fmt.Errorf("has the point (%v, %v): want numbers", p.Cost, p.Value)
		}
		if i > 0 && p.Cost <= c.Points[i-1].Cost {
			return fmt.Errorf("goes from cost %v to %v: want increasing costs",
				c.Points[i-1].Cost, p.Cost)
		}
	}
	return nil
}
