package reward

import (
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

func TestVerifyWritesTheTasksVerdict(t *testing.T) {
	for _, k := range task.All() {
		var sequences []*rollout.Sequence
		var want []float64
		for i, p := range k.TrainPrompts(1, 50) {
			r := num.NewRand(1, "demonstrate", k.Name, uint64(i))
			right := append(k.MustEncode(k.Demonstrate(&r, p, param.Defaults(k.Knobs))), task.End)
			endless := right[:len(right)-1]
			for _, response := range [][]int32{right, endless, {task.End}} {
				s := &rollout.Sequence{Problem: p, Response: response}
				s.Reward = 0.25 // an older verdict
				sequences = append(sequences, s)
				want = append(want, k.Score(p, response))
			}
		}
		if calls := Verify(k, sequences); calls != len(sequences) {
			t.Errorf("%s: %d calls for %d responses", k.Name, calls, len(sequences))
		}
		for i, s := range sequences {
			if s.Reward != want[i] || i%3 == 0 && s.Reward != 1 || i%3 == 1 && s.Reward != 0 {
				t.Fatalf("%s: response %d, %v, has reward %v, want %v", k.Name, i, s.Response,
					s.Reward, want[i])
			}
		}
		if Verify(k, nil) != 0 {
			t.Errorf("%s: no responses cost calls", k.Name)
		}
	}
}
