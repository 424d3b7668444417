package workload

import "testing"

// A step allocates next to nothing after the first one: the responses themselves (3), what the
// objective works out of a batch (7 for SFT, 10 for GRPO), and scores with what records them (5).
// With several threads it is the same once each of them has had a batch, which is the scheduler's
// choice, so that is not tested here.
func TestStepsHardlyAllocate(t *testing.T) {
	work := New(Small(), 1)
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
			t.Errorf("%s: %v allocations, want at most %v", part.name, allocs, part.most)
		}
	}
}
