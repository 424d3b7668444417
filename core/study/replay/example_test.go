package replay_test

import (
	"context"
	"fmt"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/replay"
)

// A run that was computed before is shown again, measurement by measurement.
func ExampleEvents() {
	r, err := recipe.Standard().Parse("densities?eval_every=20&lane=sft,samples=20,steps=40")
	if err != nil {
		fmt.Println(err)
		return
	}
	o, err := cells.Run(context.Background(), r, cells.Options{Threads: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	events, err := replay.Events(cells.Result{Arm: "sft", Outcome: o})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range events {
		fmt.Println(e.Kind, "at step", e.Step)
	}
	// Output:
	// eval at step 0
	// eval at step 20
	// eval at step 40
	// end at step 40
}
