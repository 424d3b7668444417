package train_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

// A session trains one lane of a recipe, one bounded unit of work at a time, and reports events.
func ExampleSession() {
	r, err := recipe.Standard().Parse("cards?lane=sft,steps=3&eval_prompts=16")
	if err != nil {
		fmt.Println(err)
		return
	}
	lanes, err := r.Plan()
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := train.NewSession(lanes[0], train.Options{Threads: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for !s.Done() {
		events, err := s.Advance()
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, e := range events {
			if e.Kind == protocol.Updated {
				fmt.Println("update", e.Step, "demonstrations so far:", e.Cost.Demonstrations)
			}
		}
	}
	// Output:
	// update 1 demonstrations so far: 64
	// update 2 demonstrations so far: 128
	// update 3 demonstrations so far: 192
}
