package recipe

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// BaseFacts is the base "Somebody who always has an answer".
var BaseFacts = Base{
	Name:  "facts",
	Title: "Somebody who always has an answer",
	Doc: `Two layers of 64 channels, 0.14M weights. Half of what it read describes people faithfully; half are questions about them, answered
by heart, out of nowhere or not at all, and about people whom it never heard of, answered out of nowhere or not at all. It abstains on one
question in ten, known or not. Sampled it is right at .27 of the practised questions, .38 in other words, .21 about strangers (greedily .76, .79, .09), and
describes people without fault.`,
	Task:  task.Facts,
	Shape: model.Config{Dim: 64, Layers: 2, Heads: 4, Hidden: 256, Context: 16},
	Steps: 3000,
}
