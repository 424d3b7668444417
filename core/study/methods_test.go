package study

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/objective"
)

// Every method makes fifty steps on a shipped base, from a link: it changes the policy, and pays
// for what it says that it collects.
func TestEveryMethodRunsFromALink(t *testing.T) {
	for _, m := range method.All() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			r := parse(t, fmt.Sprintf(
				"cards?eval_prompts=16&eval_every=50&lane=%s,steps=50,batch=4", m.Name))
			result, err := Run(context.Background(), r, Options{Threads: 1})
			if err != nil {
				t.Fatal(err)
			}
			plan, err := r.Plan()
			if err != nil {
				t.Fatal(err)
			}
			lane, collects := result.Lanes[0], m.Collect(r.Lanes[0][0].Values)
			if lane.Label != m.Name || lane.Step != 50 || lane.Digest == plan[0].Base.Digest() {
				t.Errorf("lane %s has made %d steps and the base's digest is %v", lane.Label,
					lane.Step, lane.Digest == plan[0].Base.Digest())
			}
			for name, x := range lane.Metrics {
				if math.IsNaN(x) || math.IsInf(x, 0) {
					t.Errorf("%s is %v", name, x)
				}
			}
			c := lane.Cost
			// Where demonstrations are only for prompts that all answers fail, perhaps none ever
			// had to be shown.
			perhaps := collects.Backlog != nil ||
				collects.Hint != nil && collects.Hint.Branch != nil
			for _, paid := range []struct {
				what  string
				spent bool
				due   bool
			}{
				{"demonstrations", c.Demonstrations > 0,
					collects.Demonstrates() && (!perhaps || c.Demonstrations > 0) ||
						collects.Replay > 0},
				{"labels", c.Labels > 0,
					collects.Label == objective.InPairs || collects.Label == objective.OneByOne ||
						collects.RewardModel != nil},
				{"tokens generated", c.TokensGenerated > 0, collects.Group > 0},
				{"tokens trained", c.TokensTrained > 0, true},
				{"FLOPs", c.FLOPs > 0, true},
			} {
				if paid.spent != paid.due {
					t.Errorf("collects %+v, and of %s it has spent some: %v", collects, paid.what,
						paid.spent)
				}
			}
		})
	}
}
