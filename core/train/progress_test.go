package train

import (
	"fmt"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
)

// SASR's rule, worked out once more from the gradients' lengths that the events show.
func TestSASRFollowsItsGradients(t *testing.T) {
	const warm, gamma = 3, 1.5
	lane := testLane(t, []string{"sft", "steps=2", "batch=8", "lr=0.01"},
		[]string{"sasr", "steps=40", "batch=8", "lr=0.01", "sft_steps=3", "gamma=1.5"})
	s := session(t, lane, 2)
	var norms []float64
	turns := map[bool]int{}
	for !s.Done() {
		stage, step := s.stage.number, s.stage.step
		updating := s.phase == updating
		events, err := s.Advance()
		if err != nil {
			t.Fatal(err)
		}
		if stage == 0 || !updating {
			continue
		}
		want := step < warm
		if !want {
			r := num.NewRand(lane.Seed, "draw", fmt.Sprintf("%s/%d", lane.Task.Name, stage),
				uint64(step))
			latest := norms[len(norms)-1]
			want = r.Float64() < latest/(latest+gamma*norms[warm-1])
		}
		if got := objective.Imitates(s.batch.objective); got != want {
			t.Fatalf("step %d imitates: %v, want %v", step, got, want)
		}
		turns[want]++
		if want {
			for _, m := range events[0].Metrics {
				if m.Name == "train/gradient_norm" {
					norms = append(norms, m.Value)
				}
			}
		}
	}
	if turns[true] <= warm || turns[false] == 0 {
		t.Errorf("of the steps, %d imitate and %d do not: want some of either", turns[true],
			turns[false])
	}
}

func TestProgressLeavesNoTrace(t *testing.T) {
	leavesNoTrace(t, testLane(t,
		[]string{"sasr", "steps=9", "batch=8", "lr=0.01", "sft_steps=2", "gamma=1",
			"epochs=2"}, []string{"sasr", "steps=5", "batch=8", "sft_steps=1"}))
}
