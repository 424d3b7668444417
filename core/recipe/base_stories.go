package recipe

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// BaseStories is the base "A careless reckoner".
var BaseStories = Base{
	Name:  "stories",
	Title: "A careless reckoner",
	Doc: `Two layers of 64 channels, 0.1M weights. Pretrained on stories of all levels, in half
of which one result is a number drawn at random, and on sorting four numbers. It writes equations;
three examples in a hundred were written in words, without mistakes, so that the foreign style is
not wholly unknown to it. Sampled answers are right at .53 to .60 of the stories of each level and
sort at .96; its likeliest (greedy) answers are nearly always right.`,
	Task:     task.Stories,
	Shape:    model.Config{Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 72},
	Steps:    2500,
	Settings: []string{"foreign=0.03"},
}
