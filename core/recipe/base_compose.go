package recipe

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// BaseCompose is the base "Somebody who mixes functions up".
var BaseCompose = Base{
	Name:  "compose",
	Title: "Somebody who mixes functions up",
	Doc: `Three layers of 64 channels, 0.15M weights. Pretrained on single functions, done rightly,
and on two in a row, of which it mixes up four in ten. It has seen three, four and five in one
example of two hundred each. Sampled answers are right at .40 of the practised pairs, .21 of three
functions, .09 of four, .04 of five (greedy answers .98, .87, .62, .24), and at every single
function.`,
	Task:  task.Compose,
	Shape: model.Config{Dim: 64, Layers: 3, Heads: 4, Hidden: 176, Context: 40},
	Steps: 3000,
}
