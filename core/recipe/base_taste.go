package recipe

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// BaseTaste is the base "A player with half an ear".
var BaseTaste = Base{
	Name:  "taste",
	Title: "A player with half an ear",
	Doc: `Two layers of 64 channels, 0.1M weights. Pretrained on melodies under both rules that
mostly follow the first two notes of the theme and make up the others, with notes out of place, too
long or too short. Sampled melodies earn .56 of the points under rule A and .59 under rule B, and
one in a hundred is perfect (of greedy ones .30 and .25). It finds neighbours in .92 of the cases,
with greedy answers always.`,
	Task:  task.Taste,
	Shape: model.Config{Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 32},
	Steps: 1500,
}
