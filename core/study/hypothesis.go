package study

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/recipe"
)

// Outcome is the result of testing a hypothesis on several seeds.
type Outcome string

// The three outcomes. The interval of the difference lies above the hypothesis's bound, lies below
// it, or contains it. With one seed there is no interval, and the outcome is Inconclusive.
const (
	Reproduced    Outcome = "reproduced"
	NotReproduced Outcome = "not reproduced"
	Inconclusive  Outcome = "inconclusive"
)

// Sentence returns the outcome as a sentence about the given number of hypotheses together.
func (o Outcome) Sentence(hypotheses int) string {
	switch {
	case hypotheses == 0:
		return "No hypothesis was set down"
	case o == Reproduced:
		return "The exhibit's hypotheses are reproduced"
	case o == NotReproduced:
		return "The exhibit's hypotheses are not reproduced"
	default:
		return "Whether they hold is not decided by these seeds"
	}
}

// Tested is a hypothesis with its outcome.
type Tested struct {
	recipe.Hypothesis
	OfHigher   []float64 `json:"of_higher"`          // the metric in the lane Higher, by seed
	OfLower    []float64 `json:"of_lower,omitempty"` // the metric in the lane Lower, by seed
	Difference Estimate  `json:"difference"`         // paired by seed; a ratio if Ratio is set
	Outcome    Outcome   `json:"outcome"`
}

// Sentence returns the hypothesis with its numbers as a sentence.
func (t Tested) Sentence() string {
	what := t.Higher
	switch {
	case t.Ratio:
		what += " over " + t.Lower
	case t.Lower != "":
		what += " less " + t.Lower
	}
	difference := t.Difference.Text(func(x float64) string { return fmt.Sprintf("%.3g", x) })
	return fmt.Sprintf("%s (%s, %s: %s, expected more than %.3g.)", t.Says, t.Metric, what,
		difference, t.By)
}

// Decide tests a hypothesis on the mean over seeds of the paired differences, or ratios, and its
// 95 % interval by Student's t. lower is empty if the hypothesis is about one lane.
func Decide(h recipe.Hypothesis, higher, lower []float64) Tested {
	difference := slices.Clone(higher)
	for i, v := range lower {
		if h.Ratio {
			difference[i] /= v
		} else {
			difference[i] -= v
		}
	}
	t := Tested{h, higher, lower, estimate(difference), Inconclusive}
	switch between := t.Difference.Interval; {
	case between == nil: // one seed decides nothing
	case between.Low > h.By:
		t.Outcome = Reproduced
	case between.High < h.By:
		t.Outcome = NotReproduced
	}
	return t
}

// test applies Decide to the results of one recipe, one for each seed.
func test(h recipe.Hypothesis, results []*Result) (Tested, error) {
	higher, err := values(h.Metric, h.Higher, results)
	if err != nil || h.Lower == "" {
		return Decide(h, higher, nil), err
	}
	lower, err := values(h.Metric, h.Lower, results)
	if h.Ratio && slices.Contains(lower, 0) {
		return Tested{}, fmt.Errorf("%s of lane %s is 0: nothing is a multiple of it", h.Metric,
			h.Lower)
	}
	return Decide(h, higher, lower), err
}

// values returns the values of a metric in a lane, or in the base, by seed.
func values(metric, label string, results []*Result) (all []float64, err error) {
	for _, r := range results {
		if label == recipe.OfBase {
			v, ok := r.Base[metric]
			if !ok {
				return []float64{0}, fmt.Errorf("seed %d: the base was not measured at %s", r.Seed,
					metric)
			}
			all = append(all, v)
			continue
		}
		i := slices.IndexFunc(r.Lanes, func(l LaneResult) bool { return l.Label == label })
		if i < 0 {
			return []float64{0}, fmt.Errorf("seed %d has no lane %q", r.Seed, label)
		}
		v, ok := r.Lanes[i].Value(metric)
		if !ok {
			return []float64{0}, fmt.Errorf("seed %d: lane %s was not measured at %s", r.Seed,
				label, metric)
		}
		all = append(all, v)
	}
	return all, nil
}

// Overall returns the outcome of several hypotheses together: Reproduced if all are, NotReproduced
// if any is not.
func Overall(all []Tested) Outcome {
	overall := Reproduced
	for _, t := range all {
		switch {
		case t.Outcome == NotReproduced:
			return NotReproduced
		case t.Outcome == Inconclusive:
			overall = Inconclusive
		}
	}
	return overall
}
