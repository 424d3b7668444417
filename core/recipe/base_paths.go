package recipe

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// BasePaths is the base "A wanderer with a map".
var BasePaths = Base{
	Name:  "paths",
	Title: "A wanderer with a map",
	Doc: `Two layers of 64 channels, 0.1M weights. Pretrained on walks from place to place on which
every other step was aimed, whether they arrived or not, and on telling walks backwards. Sampled
answers arrive at .43 of the places that are near and .34 of those that are far (greedy answers .88
and 1.00), and tell .78 of the walks backwards (.96).`,
	Task:  task.Paths,
	Shape: model.Config{Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 24},
	Steps: 3000,
}
