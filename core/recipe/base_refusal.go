package recipe

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// BaseRefusal is the base "A helper who seldom says no".
var BaseRefusal = Base{
	Name:  "refusal",
	Title: "A helper who seldom says no",
	Doc: `Two layers of 64 channels, 0.1M weights. Pretrained on all kinds of requests in all
phrasings, with a slip at one letter in ten. It refuses a quarter of what it should refuse, and six
in a hundred of the look-alikes. Sampled answers are right at .49 of the practised requests, .46 in
new phrasings, .24 of the new members, .63 of the look-alikes (greedy answers never refuse: .49,
.50, 0, 1), and sort at .98.`,
	Task:  task.Refusal,
	Shape: model.Config{Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 20},
	Steps: 2500,
}
