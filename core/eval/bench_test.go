package eval

import (
	"testing"

	"github.com/posttrain/posttrain/core/model"
)

// moved is a model of the exhibit memorise's shape, and another one.
func benchPair() (base, policy *model.Params) {
	c := model.Config{Vocab: 19, Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 32}
	base, policy = model.NewParams(c), model.NewParams(c)
	base.Init(1)
	policy.Init(2)
	return base, policy
}

func BenchmarkMoved(b *testing.B) {
	base, policy := benchPair()
	for b.Loop() {
		Moved(base, policy)
	}
}

func BenchmarkRanks(b *testing.B) {
	base, policy := benchPair()
	for b.Loop() {
		Ranks(Matrices(base, policy))
	}
}
