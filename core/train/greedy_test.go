package train

import (
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// A greedy answer beside the rollouts is sampled, verified and paid for, and neither scored nor
// trained on; the rollouts are those of a method without one.
func TestAGreedyAnswerIsAYardstickAlone(t *testing.T) {
	settings := []string{"steps=1", "batch=8", "group=4"}
	with := session(t, testLane(t, append([]string{"remax"}, settings...)), 1)
	without := session(t, testLane(t, append([]string{"reinforce"}, settings...)), 1)
	for _, s := range []*Session{with, without} {
		for s.phase != updating {
			if _, err := s.Advance(); err != nil {
				t.Fatal(err)
			}
		}
	}
	var greedy []*rollout.Sequence
	tokens, rest := 0, 0
	for g, group := range with.batch.groups {
		if len(group) != 5 || group[4].Source != objective.Greedy {
			t.Fatalf("group %d has %d answers, the last of source %v", g, len(group),
				group[len(group)-1].Source)
		}
		for i, seq := range group[:4] {
			if !slices.Equal(seq.Response, without.batch.groups[g][i].Response) ||
				seq.Source != objective.Rollout {
				t.Fatalf("rollout %d of group %d is another for the greedy answer beside it", i, g)
			}
			rest += len(seq.Response)
		}
		greedy = append(greedy, group[4])
		clear(group[4].Logp)
		tokens += len(group[4].Response)
	}
	if got := with.Cost(); got.TokensGenerated != rest+tokens || got.VerifierCalls != 40 {
		t.Errorf("%d tokens and %d calls, want %d and 40", got.TokensGenerated, got.VerifierCalls,
			rest+tokens)
	}
	if _, err := with.Advance(); err != nil {
		t.Fatal(err)
	}
	if got := with.Cost().TokensTrained; got != rest {
		t.Errorf("trained on %d tokens, the rollouts have %d", got, rest)
	}
	for _, seq := range greedy {
		if slices.ContainsFunc(seq.Logp, func(logp float64) bool { return logp != 0 }) {
			t.Fatal("a greedy answer went through a network again")
		}
	}
}
