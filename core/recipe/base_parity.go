package recipe

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// BaseParity is the base "A hasty counter of ones".
var BaseParity = Base{
	Name:  "parity",
	Title: "A hasty counter of ones",
	Doc: `Two layers of 64 channels, 0.1M weights. Pretrained on parities of fourteen and sixteen
bits, three in four answered at once and one in four step by step, and on writing bits backwards.
Step by step it is right, at once it guesses; it mostly answers at once.`,
	Task:  task.Parity,
	Shape: model.Config{Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 40},
	Steps: 2500,
}
