package signal

import (
	"fmt"

	"github.com/posttrain/posttrain/core/prose"
)

// confusedBase is found where only one of two rules is learned that the base confuses.
var confusedBase = Signal{
	Name:  "confused_base",
	Title: "Only the practised rule is learned",
	Rule: `The lane starts from a base that confuses two rules. What is practised has risen by at
least 0.25 to at least 0.8. At another level, at which the base was about as good (within 0.15),
the policy is no better than the base by more than chance explains.`,
	Why: `Carelessness is the same under both rules, so what is learned about being careful
carries over. Confusion is not: while one rule is practised, reading every prompt by that rule is
right, and nothing says that the mark of the other rule matters.`,
	Cite:    "after Chu et al. 2025, arXiv:2501.17161",
	Term:    "base",
	Exhibit: "failure_confused",
	Reads:   []string{practisedMetric},
	applies: func(s Stage) bool { return s.ClearBase != "" },
	measured: func(s Series) string {
		from, to, ok := s.scores(s.Base, s.Last())
		if !ok || to < 0.8 || to-from < 0.25 {
			return ""
		}
		for _, level := range s.Levels[1:] {
			start, now, ok := s.both(s.Base, s.Last(), level.Metric())
			if near := start > from-0.15 && start < from+0.15; ok && near &&
				!s.higher(start, now) {
				return fmt.Sprintf("At %s the answers went from %s right to %s, at %s from %s "+
					"to %s.", s.Level.Title, prose.Percent(from), prose.Percent(to), level.Title,
					prose.Percent(start), prose.Percent(now))
			}
		}
		return ""
	},
	cures: func(s Series) []Cure {
		return []Cure{{Says: "Start from a base that tells the rules apart: base=" +
			s.Stage.ClearBase + ".", Set: "base=" + s.Stage.ClearBase}}
	},
}
