package train

import (
	"math"
	"testing"

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
