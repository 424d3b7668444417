package recipe

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// BaseLock is the base "A locksmith who knows half the letters".
var BaseLock = Base{
	Name:  "lock",
	Title: "A locksmith who knows half the letters",
	Doc: `Two layers of 64 channels, 0.1M weights. Pretrained on locks of four, five and seven
dials and on letters written backwards. It knows six of the twelve letters, with a slip at one dial
in twenty, and guesses the rest. Sampled answers open .08 of the locks of five dials, .03 of seven,
.13 of four (greedy answers .05, .03, .11), and always write backwards rightly.`,
	Task:  task.Lock,
	Shape: lockShape,
	Steps: 2000,
}

var lockShape = model.Config{Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 32}
