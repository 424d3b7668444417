package signal

import (
	"fmt"

	"github.com/posttrain/posttrain/core/prose"
)

// idleGroups is found where hardly any group of answers teaches anything.
var idleGroups = Signal{
	Name:  "idle_groups",
	Title: "Hardly any group teaches",
	Rule: `After at least 40 updates, fewer than one group in five has had a coefficient that is
not zero, and the mean reward in training is below a half and has risen by less than 0.05. Where
most answers are right, groups teach nothing either, and that is the end of a good run. One update
has too few groups to tell, so all of the stage count, or where a stage came before it, those of
four updates.`,
	Why: `In a group whose answers all earn the same, none is better than another, so its
advantages are zero. If an answer succeeds with probability p, a group of G answers teaches
something with probability 1 − p^G − (1−p)^G.`,
	Cite:     "Yu et al. 2025, arXiv:2503.14476 (DAPO), section 3.2",
	Term:     "group",
	Exhibit:  "failure_groups",
	Reads:    []string{activeMetric, activeSoFar, rewardMetric},
	Explains: []string{"reward_flat"},
	applies: func(s Stage) bool {
		return rewarded(s) && s.Collect.Group > 1
	},
	measured: func(s Series) string {
		const few, half, risen = 0.2, 0.5, 0.05
		share, ok := activeShare(s)
		rewards := s.newest(2, rewardMetric)
		before, began := s.at(s.first(), rewardMetric)
		if s.updates() < 40 || !ok || share >= few || rewards == nil || !began ||
			mean(rewards) >= min(half, before+risen) {
			return ""
		}
		return fmt.Sprintf("%s of the groups have taught anything. Each has %d answers, and the "+
			"mean reward in training is %.2f.", prose.Percent(share), s.Stage.Collect.Group,
			mean(rewards))
	},
	cures: func(s Series) []Cure {
		return append(largerGroups(s.Stage), Cure{
			Says: "Leave out prompts whose answers were all alike before: prompts=greso.",
			Set:  "prompts=greso"})
	},
}

// activeShare returns the share of groups of the stage that taught something, and whether it is
// known.
func activeShare(s Series) (share float64, ok bool) {
	if s.Number == 0 {
		return s.at(s.Last(), activeSoFar)
	}
	values := s.newest(4, activeMetric)
	if values == nil {
		return 0, false
	}
	return mean(values), true
}
