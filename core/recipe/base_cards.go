package recipe

import (
	"posttrain/core/model"
	"posttrain/core/task"
	"posttrain/core/train"
)

var _ = registerBase(Base{
	Name:  "cards",
	Title: "A careless card player",
	Doc: `Two layers of 64 channels, 0.1M weights. Grew up on running sums under both rules, six hands in ten done carelessly,
and on sorting four digits. It knows both rules (greedily it is always right) and is right about half the time when it
samples.`,
	Pretraining: cardsPretraining(),
})

func cardsPretraining() train.Pretraining {
	t, err := task.Lookup("cards")
	if err != nil {
		panic(err)
	}
	return train.Pretraining{
		Task:   t,
		Config: model.Config{Vocab: t.Vocab(), Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 32},
		Seed:   1, Steps: 3000, Batch: 96, LR: 2e-3, Warmup: 50, Decay: 0.1,
	}
}
