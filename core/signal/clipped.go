package signal

import (
	"fmt"

	"github.com/posttrain/posttrain/core/prose"
)

// clipped is found where the clip stops most of what further updates with a batch could use.
var clipped = Signal{
	Name:  "clipped",
	Title: "The clip stops nearly everything",
	Rule: `After at least 20 updates, the clip has stopped at least half of the tokens in the
second and later updates with a batch. A tenth to a fifth is usual. With one update for each batch
nothing can be clipped.`,
	Why: `The first update with a batch has moved the policy past the range of the clip, which
then stops these tokens. Further updates with the batch cost as much and push few tokens, those in
which the policy has not moved.`,
	Cite:  "Schulman et al. 2017, arXiv:1707.06347, eq. 7",
	Term:  "clip",
	Reads: []string{clippedSoFar},
	applies: func(s Stage) bool {
		return rewarded(s) && s.Collect.Epochs > 1
	},
	measured: func(s Series) string {
		const most = 0.5
		share, ok := s.at(s.Last(), clippedSoFar)
		_, earlier := s.at(s.first(), clippedSoFar) // another stage is counted too
		if !ok || earlier || s.updates() < 20 || share < most {
			return ""
		}
		return fmt.Sprintf("The clip has stopped %s of the tokens in further updates with a "+
			"batch. Each batch is used %d times.", prose.Percent(share), s.Stage.Collect.Epochs)
	},
	cures: func(s Series) []Cure {
		return append([]Cure{{Says: "Use each batch once: epochs=1.", Set: "epochs=1"}},
			lowerRate(s.Stage, 4, "Take a quarter of the learning rate:")...)
	},
}
