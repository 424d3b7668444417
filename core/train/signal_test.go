package train

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
)

// What is told of a whole lane with each measurement is the mean of what was told of its updates.
func TestTheSignalIsTheMeanOfTheUpdates(t *testing.T) {
	for _, stages := range [][][]string{{{"grpo", "steps=6", "batch=8"}},
		{{"sft", "steps=3", "batch=8"},
			{"rloo", "steps=3", "batch=8"}}, {{"dapo", "steps=6", "batch=8"}}} {
		active, reward, updates, rewarded := 0.0, 0.0, 0.0, 0.0
		told := 0
		for _, e := range run(t, session(t, testLane(t, stages...), 1)) {
			for _, m := range e.Metrics {
				switch {
				case e.Kind == protocol.Updated && m.Name == "train/active_share":
					active, updates = active+m.Value, updates+1
				case e.Kind == protocol.Updated && m.Name == "train/reward_mean":
					reward, rewarded = reward+m.Value, rewarded+1
				case m.Name == "train/active_share_so_far":
					told++
					// which leaves groups out of a batch
					if stages[0][0] != "dapo" && math.Abs(m.Value-active/updates) > 1e-12 {
						t.Errorf("%v, step %d: %s is %v, want %v", stages, e.Step, m.Name, m.Value,
							active/updates)
					}
				case m.Name == "train/reward_mean_so_far" &&
					math.Abs(m.Value-reward/rewarded) > 1e-12:
					t.Errorf("%v, step %d: %s is %v, want %v", stages, e.Step, m.Name, m.Value,
						reward/rewarded)
				}
			}
		}
		if told < 2 {
			t.Errorf("%v: told %d times, want with every measurement after an update", stages, told)
		}
	}
}

// A group of one has nothing to be compared with, so no update changes a weight, and the metrics
// say so.
func TestAGroupOfOneTeachesNothing(t *testing.T) {
	s := session(t, testLane(t, []string{"grpo", "steps=5", "batch=8", "group=1", "lr=0.01"}), 1)
	run(t, s)
	if s.Digest() != s.lane.Base.Digest() {
		t.Error("the weights are not the base's")
	}
	for _, m := range s.Metrics() {
		if (m.Name == "weights/update_norm" || m.Name == "train/active_share_so_far") &&
			m.Value != 0 {
			t.Errorf("%s is %v", m.Name, m.Value)
		}
	}
}

// The share of clipped tokens is reported where batches are used more than once. It is 0 if the
// policy hardly moves, and most if it moves far; the first update with a batch does not count.
func TestClippedShare(t *testing.T) {
	share := func(settings ...string) (v float64, ok bool) {
		s := session(t, testLane(t, append([]string{"grpo", "steps=6", "batch=8", "beta=0"},
			settings...)), 1)
		run(t, s)
		for _, m := range s.Metrics() {
			if m.Name == "train/clipped_share_so_far" {
				return m.Value, true
			}
		}
		return 0, false
	}
	if v, ok := share("epochs=1", "lr=0.01"); ok {
		t.Errorf("with one update for each batch it is %v", v)
	}
	if v, ok := share("epochs=3", "lr=1e-6"); !ok || v != 0 {
		t.Errorf("where the policy hardly moves it is %v, %v", v, ok)
	}
	small, _ := share("epochs=3", "lr=0.001")
	large, _ := share("epochs=3", "lr=0.01")
	if small >= large || large < 0.3 || large > 1 {
		t.Errorf("it is %v at a small learning rate and %v at a large one", small, large)
	}
	if wide, _ := share("epochs=3", "lr=0.01", "eps_low=1", "eps_high=10"); wide >= large/2 {
		t.Errorf("with a wide clip it is %v, with the usual one %v", wide, large)
	}
}

// What is counted is what the objective's masks say: a token counts if it passes in the first
// update with the batch, and is clipped if it does not in the newest.
func TestClipCount(t *testing.T) {
	row := objective.Row{From: objective.Rollout, Denom: objective.OverBehaviour,
		Mask: objective.Clip(0.2, 0.2),
		Advantage: func([]objective.Group) func(g, i int) []float64 {
			return func(int, int) []float64 { return []float64{1, 1, 1, 0} }
		},
		Select: func([]objective.Group) func(g, i, t int) float64 {
			return func(_, _, t int) float64 { return float64(min(t, 1)) } // not the first token
		}}
	c := &objective.Completion{Source: objective.Rollout, OldLogp: []float64{-1, -1, -1, -1},
		Logp: []float64{-1, -1, -1, -1}}
	seen := []objective.Group{{{Source: objective.Demo}, c}}
	var count clipCount
	if count.look(row, seen); count.tokens != 0 {
		t.Errorf("in the first update %d tokens are counted", count.tokens)
	}
	c.Logp = []float64{0, 0, -1, 0}
	if count.look(row, seen); count.tokens != 2 || count.clipped != 1 {
		t.Errorf("%d of %d tokens are clipped, want 1 of 2", count.clipped, count.tokens)
	}
}
