package recipe

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// BaseTaste is the base "A player with half an ear".
var BaseTaste = Base{
	Name:  "taste",
	Title: "A player with half an ear",
	Doc: `Two layers of 64 channels, 0.1M weights. Grew up on melodies that mostly follow the first two notes of the theme and make up the others,
with notes out of place, too long or too short, under both rules. Sampled it earns .56 of the points under rule A and .59 under rule B, and perfect melodies
are one in a hundred (greedily .30 and .25 are perfect). It finds neighbours in .92 of the cases, greedily always.`,
	Task:  task.Taste,
	Shape: model.Config{Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 32},
	Steps: 1500,
}
