package signal

import (
	"fmt"

	"github.com/posttrain/posttrain/core/prose"
)

// entropyGone is found where a policy has become certain although there is more than one good
// answer, or although it is wrong.
var entropyGone = Signal{
	Name:  "entropy_gone",
	Title: "The entropy is gone",
	Rule: `The entropy of answers is at most a quarter of the base's, a small part of what was
there to choose from. And certainty is not what the task asks for: either answers are graded, so
that many are equally good, or three in ten are wrong and their share is twice the entropy of a
whole answer, in nats, which a policy that doubts what it does not know would have.`,
	Why: `A likely token with a high advantage becomes likelier, so it is drawn more often, so it
becomes likelier still: entropy falls by the covariance of the two (the paper's theorem 1). What
is no longer drawn cannot be found to be better.`,
	Cite:    "Cui et al. 2025, arXiv:2505.22617",
	Term:    "entropy",
	Exhibit: "failure_collapse",
	Reads:   []string{practisedMetric, entropyMetric, tokensMetric},
	applies: rewarded,
	measured: func(s Series) string {
		const quarter, wrong = 0.25, 0.3
		base, now, ok := s.both(s.Base, s.Last(), entropyMetric)
		tokens, known := s.at(s.Last(), tokensMetric)
		score, measured := s.score(s.Last())
		if !ok || !known || !measured || s.updates() < 20 || now > quarter*base {
			return ""
		}
		if !s.Level.Graded && 1-score < max(wrong, 2*now*tokens) {
			return ""
		}
		return fmt.Sprintf("The entropy is %.2f nats per token, %s of the base's %.2f. %s.", now,
			prose.Percent(now/base), base, prose.Capital(s.scored(score)))
	},
	cures: func(s Series) []Cure {
		cures := raise(s.Stage, "entropy", 0.05, "Give a bonus for entropy:")
		return append(cures, lowerRate(s.Stage, 4, "Take a quarter of the learning rate:")...)
	},
}
