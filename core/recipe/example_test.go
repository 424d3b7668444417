package recipe_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/recipe"
)

// A link is read, changed and written again. It names what differs from the defaults.
func ExampleParse() {
	r, err := recipe.Parse("cards?lane=sft,steps=50&lane=grpo,beta=0,steps=50&seed=7")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Task.Title, r.Labels(), r.Seed())
	if err := r.SetSeed(8); err != nil {
		fmt.Println(err)
	}
	fmt.Println(r.Link())
	// Output:
	// Card sums under a face-card rule [sft grpo] 7
	// cards?v=2&seed=8&lane=sft,steps=50&lane=grpo,beta=0,steps=50
}
