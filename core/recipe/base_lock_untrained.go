package recipe

import "github.com/posttrain/posttrain/core/task"

// BaseLockUntrained is the base "Somebody who was never taught anything".
var BaseLockUntrained = Base{
	Name:  "lock_untrained",
	Title: "Somebody who was never taught anything",
	Doc: `The network of lock with random weights. It writes symbols at random, of which about one
in twenty ends an answer, and opens nothing at any level. It is computed from its seed, so there is
no file of it.`,
	Task:     task.Lock,
	Shape:    lockShape,
	Steps:    0,
	Computed: true,
}
