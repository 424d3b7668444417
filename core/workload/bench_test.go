package workload

import "testing"

// On one thread; ns/op is a step or a rollout.
func BenchmarkWork(b *testing.B) {
	for _, m := range []Model{Small(), Medium()} {
		work := New(m, 1)
		for _, part := range []struct {
			name string
			do   func()
		}{
			{"sft", func() { work.SFT() }},
			{"rollout", func() { work.Rollout() }},
			{"grpo", work.GRPO},
		} {
			b.Run(m.Name+"/"+part.name, func(b *testing.B) {
				part.do()
				b.ReportAllocs()
				for b.Loop() {
					part.do()
				}
			})
		}
	}
}
