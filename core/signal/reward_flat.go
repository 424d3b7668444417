package signal

import (
	"fmt"

	"github.com/posttrain/posttrain/core/prose"
)

// rewardFlat is found where groups teach and the reward does not rise.
var rewardFlat = Signal{
	Name:  "reward_flat",
	Title: "The reward is flat",
	Rule: `After at least 60 updates and half of the stage, the score was at no point higher than
at its start by more than chance explains, is below 0.9, and the reward in training has risen by
less than 0.05. Some runs find nothing for a while and then learn, so it is not said earlier.`,
	Why: `Groups differ in their rewards, so there is something to learn from, but an update moves
the policy too little, or each in another direction. A larger learning rate makes up for the
first, more answers per update for the second.`,
	Cite:    "McCandlish et al. 2018, arXiv:1812.06162, on the noise of gradients",
	Term:    "reward",
	Exhibit: "failure_groups",
	Reads:   []string{practisedMetric, rewardMetric},
	applies: verified,
	measured: func(s Series) string {
		const risen, good = 0.05, 0.9
		from, to, ok := s.scores(s.first(), s.Last())
		before, began := s.at(s.first(), rewardMetric)
		rewards := s.newest(2, rewardMetric)
		if s.updates() < max(60, s.Stage.Steps/2) || !ok || !began || rewards == nil ||
			to >= good || mean(rewards) >= before+risen {
			return ""
		}
		for _, p := range s.Points[1:] {
			if score, ok := s.score(p); ok && s.higher(from, score) {
				return ""
			}
		}
		return fmt.Sprintf("After %s the mean reward in training is %.2f, and was %.2f at the "+
			"start. %s.", prose.Count(s.updates(), "update"), mean(rewards), before,
			prose.Capital(s.went(from, to)))
	},
	cures: func(s Series) []Cure {
		const most = 1e-3 // beyond it many exhibits lose what was known before
		if s.Stage.Values.Has("lr") && 4*s.Stage.Values.Float("lr") <= most {
			return lowerRate(s.Stage, 1./4, "Take four times the learning rate:")
		}
		return append(largerGroups(s.Stage), Cure{
			Says: "Take more prompts for an update: batch=64.", Set: "batch=64"})
	},
}
