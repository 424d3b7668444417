package recipe

import "github.com/posttrain/posttrain/core/model"

var _ = registerBase(Base{
	Name:  "cards",
	Title: "A careless card player",
	Doc: `Two layers of 64 channels, 0.1M weights. Grew up on running sums under both rules, six hands in ten done carelessly,
and on sorting four digits. It knows both rules (greedily it is always right) and is right about half the time when it
samples.`,
	Pretraining: pretraining("cards", cardsShape, 3000),
})

var cardsShape = model.Config{Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 32}
