package recipe

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// BaseFacts is the base "Somebody who always has an answer".
var BaseFacts = Base{
	Name:  "facts",
	Title: "Somebody who always has an answer",
	Doc: `Two layers of 64 channels, 0.14M weights. Half of what it was pretrained on describes
people rightly. The other half are questions: about these people, answered rightly, at random or
with ?, and about strangers, answered at random or with ?. It abstains on one question in ten,
whether it knows the answer or not. Sampled answers are right at .27 of the practised questions,
.38 in other words, .21 about strangers (greedy answers .76, .79, .09), and always at
descriptions.`,
	Task:  task.Facts,
	Shape: model.Config{Dim: 64, Layers: 2, Heads: 4, Hidden: 256, Context: 16},
	Steps: 3000,
}
