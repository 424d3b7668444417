package train

import "testing"

// The reference work on one thread; ns/op is a step or a rollout.
func BenchmarkReferenceWork(b *testing.B) {
	for _, m := range ReferenceModels {
		work, err := NewReferenceWork(m.Config, m.Tokens, 1)
		if err != nil {
			b.Fatal(err)
		}
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
