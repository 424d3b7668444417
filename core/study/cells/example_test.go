package cells_test

import (
	"context"
	"fmt"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/cells"
)

// A cell is computed from its link. Its outcome has a learning curve.
func ExampleRun() {
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
	for _, p := range o.Curve {
		fmt.Println("step", p.Step)
	}
	// Output:
	// step 0
	// step 20
	// step 40
}
