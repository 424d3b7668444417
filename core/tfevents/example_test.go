package tfevents_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/tfevents"
)

// A file begins with its version; each further event has the numbers of a step. Of a file that was
// cut short, what is whole is read.
func Example() {
	file := tfevents.Append(nil, tfevents.Event{Wall: 1, FileVersion: tfevents.Version})
	file = tfevents.Append(file, tfevents.Event{Wall: 2, Step: 20, Scalars: []tfevents.Scalar{
		{Tag: "train/loss_nats", Value: 0.25}, {Tag: "eval/id/accuracy", Value: 0.5},
	}})
	whole := len(file)
	file = tfevents.Append(file, tfevents.Event{Wall: 3, Step: 40})

	events, good := tfevents.Read(file[:len(file)-1])
	fmt.Println(len(events), good == whole)
	for _, s := range events[1].Scalars {
		fmt.Println(events[1].Step, s.Tag, s.Value)
	}
	// Output:
	// 2 true
	// 20 train/loss_nats 0.25
	// 20 eval/id/accuracy 0.5
}
