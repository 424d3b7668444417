package recipe

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// BaseCards is the base "A careless card player".
var BaseCards = Base{
	Name:  "cards",
	Title: "A careless card player",
	Doc: `Two layers of 64 channels, 0.1M weights. Pretrained on running sums under both rules, six
hands in ten done carelessly, and on sorting four digits. It knows both rules, so that its
likeliest (greedy) answers are always right, but its sampled answers are right only about half of
the time.`,
	Task:  task.Cards,
	Shape: cardsShape,
	Steps: 3000,
}

var cardsShape = model.Config{Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 32}
