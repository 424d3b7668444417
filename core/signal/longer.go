package signal

import (
	"fmt"

	"github.com/posttrain/posttrain/core/prose"
)

// longer is found where answers grow and do not get better.
var longer = Signal{
	Name:  "longer",
	Title: "Answers get longer",
	Rule: `At two points in a row, the first of them after at least 20 updates, held-out answers
are longer than at the start of the stage: by a tenth, if they are compared by an annotator who
likes length, otherwise by a quarter, with a score that is at most 0.02 higher. Answers that
become longer because thinking helps, or because good ones are long, have a higher score.`,
	Why: `A liking for length is easier to satisfy than taste: one more token wins comparisons at
any place of any answer, while a better token wins few. An average over answers first, as in GRPO,
does the same without a judge: each token of a long wrong answer is punished less.`,
	Cite:    "Singhal et al. 2023, arXiv:2310.03716",
	Term:    "annotator",
	Exhibit: "failure_length",
	Reads:   []string{practisedMetric, tokensMetric},
	applies: func(s Stage) bool {
		return s.Collect.Group > 0 && !s.Collect.Demonstrates()
	},
	measured: func(s Series) string {
		n := len(s.Points)
		if n < 3 || s.Points[n-2].Step-s.Start < 20 || !grown(s, s.Points[n-2]) ||
			!grown(s, s.Last()) {
			return ""
		}
		from, to, _ := s.both(s.first(), s.Last(), tokensMetric)
		before, now, _ := s.scores(s.first(), s.Last())
		return fmt.Sprintf("Answers have %.1f tokens on average, %s more than the %.1f at the "+
			"start. %s.", to, prose.Percent(to/from-1), from, prose.Capital(s.went(before, now)))
	},
	cures: func(s Series) []Cure {
		cures := []Cure{{Says: "Ask annotators who judge by quality alone: length_bias=0.",
			Set: "length_bias=0"}}
		cures = append(cures, raise(s.Stage, "beta", 0.1, "Stay near the base by a KL penalty:")...)
		return append(cures, lowerRate(s.Stage, 4, "Take a quarter of the learning rate:")...)
	},
}

// grown reports whether answers at a point are longer than at the start of the stage for no good
// reason.
func grown(s Series, p Point) bool {
	const tenth, quarter, better = 1.1, 1.25, 0.02
	from, to, ok := s.both(s.first(), p, tokensMetric)
	before, now, known := s.scores(s.first(), p)
	if !ok || !known {
		return false
	}
	if s.Stage.Collect.Annotator.LengthBias > 0 {
		return to >= tenth*from
	}
	return to >= quarter*from && now <= before+better
}
