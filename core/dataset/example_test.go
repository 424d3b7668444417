package dataset_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/dataset"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
)

// The first demonstration that a lane with seed 1 imitates, in both formats.
func ExampleDemonstrations() {
	for row := range dataset.Demonstrations(task.Cards, param.Defaults(task.Cards.Knobs), 1, 1) {
		fmt.Print(string(row.JSON(dataset.Completion)))
		fmt.Print(string(row.JSON(dataset.Messages)))
	}
	// Output:
	// {"prompt":"AK6J0=","completion":"0666"}
	// {"messages":[{"role":"user","content":"AK6J0="},{"role":"assistant","content":"0666"}]}
}
