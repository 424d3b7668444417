package recipe

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// BaseCards is the base "A careless card player".
var BaseCards = Base{
	Name:  "cards",
	Title: "A careless card player",
	Doc: `Two layers of 64 channels, 0.1M weights. Grew up on running sums under both rules, six hands in ten done carelessly,
and on sorting four digits. It knows both rules (greedily it is always right) and is right about half the time when it
samples.`,
	Task:  task.Cards,
	Shape: cardsShape,
	Steps: 3000,
}

var cardsShape = model.Config{Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 32}
