package method

import (
	"testing"

	"github.com/posttrain/posttrain/core/objective"
)

var _ = enter("bread", entry{
	baseline:  true,
	objective: afterHints,
	bits:      "2741d282b36142e4",
	mutants:   afterHintMutants,
})

// However the search goes, it takes no more groups than it says: a cut is right for all answers or
// wrong for all.
func TestSearchIsBounded(t *testing.T) {
	for episodes := 2; episodes <= 64; episodes++ {
		for first := 1; first <= episodes; first++ { // the first cut that leads to success
			trials, low, high := 0, 0, episodes
			for high-low > 1 {
				trials++
				if cut := (low + high) / 2; cut < first {
					low = cut
				} else {
					high = cut
				}
			}
			if most := (objective.Branch{Episodes: episodes}).Trials(); trials > most {
				t.Fatalf("%d episodes: %d trials, want at most %d", episodes, trials, most)
			}
		}
	}
}
