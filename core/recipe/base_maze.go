package recipe

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// BaseMaze is the base "A walker without much aim".
var BaseMaze = Base{
	Name:  "maze",
	Title: "A walker without much aim",
	Doc: `Two layers of 64 channels, 0.1M weights. Pretrained on walks through mazes by the compass
and by turns, near and far, on which one move in five was aimed, and on following moves. It was not
trained to write the world's replies. Sampled answers arrive at .40 of the practised targets, .32
by turns, .03 of those that are far (greedy answers .84, .54, .58), and always follow moves
rightly.`,
	Task:  task.Maze,
	Shape: model.Config{Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 32},
	Steps: 3000,
}
