package signal

import (
	"fmt"

	"github.com/posttrain/posttrain/core/prose"
)

// longer is found where answers grow and do not get better.
var longer = Signal{
	Name:  "longer",
	Title: "Answers get longer, not better",
	Rule: `At two points in a row, the first of them after at least 20 updates, held-out answers are
at least a tenth longer than at the start of the stage, and their score is not higher than there by
more than chance explains. Answers that become longer because thinking helps have a higher score.`,
	Why: `A liking for length is easier to satisfy than taste: one more token wins comparisons at any
place of any answer, while a better token wins few. An average over answers first, as in GRPO, does
the same without a judge: each token of a long wrong answer is punished less.`,
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
		return fmt.Sprintf("Answers at %s have %.1f tokens on average, %s more than the %.1f at "+
			"the start. The policy has %s, and had %s: no more than chance explains.",
			s.Level.Title, to, prose.Percent(to/from-1), from, s.scored(now), s.scored(before))
	},
	cures: func(s Series) []Cure {
		cures := []Cure{{Says: "Ask annotators who judge by quality alone: length_bias=0.",
			Set: "length_bias=0"}}
		cures = append(cures, raise(s.Stage, "beta", 0.1, "Stay near the base by a KL penalty:")...)
		return append(cures, lowerRate(s.Stage, 4, "Take a quarter of the learning rate:")...)
	},
}

// grown reports whether answers at a point are longer than at the start of the stage, and not
// better.
func grown(s Series, p Point) bool {
	const tenth = 1.1
	from, to, ok := s.both(s.first(), p, tokensMetric)
	before, now, known := s.scores(s.first(), p)
	return ok && known && to >= tenth*from && !s.higher(before, now)
}
