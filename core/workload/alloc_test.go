package workload

import "testing"

// A step allocates next to nothing after the first one: the responses themselves (3), what the
// objective works out of a batch (5 for SFT, 10 for GRPO), and scoring with its result (5).
func TestStepsHardlyAllocate(t *testing.T) {
	for _, threads := range []int{1, 3} {
		work := New(Small(), threads)
		for _, part := range []struct {
			name string
			do   func()
			most float64
		}{
			{"SFT", func() { work.SFT() }, 7},
			{"rollout", func() { work.Rollout() }, 3},
			{"GRPO", work.GRPO, 18},
		} {
			part.do()
			if allocs := testing.AllocsPerRun(2, part.do); allocs > part.most {
				t.Errorf("%s on %d threads: %v allocations, want at most %v", part.name, threads,
					allocs, part.most)
			}
		}
	}
}
