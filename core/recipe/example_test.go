package recipe_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/recipe"
)

// A catalogue reads links. What a link leaves out is at its default.
func ExampleStandard() {
	catalogue := recipe.Standard()
	r, err := catalogue.Parse("cards?lane=sft,steps=100~grpo&lane=rloo&seed=7")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Seed(), r.Bases())
	for _, lane := range r.Lanes {
		fmt.Println(lane)
	}
	// Output:
	// 7 [cards]
	// sft,steps=100~grpo
	// rloo
}

// A program can offer exhibits of its own beside the standard ones, and the same for tasks, bases
// and methods.
func ExampleCatalogue_With() {
	catalogue, err := recipe.Standard().With(recipe.Entries{Exhibits: []recipe.Exhibit{{
		Name:     "lecture_3",
		Title:    "What a teacher is worth",
		Question: "Which lane will be better at rule B?",
		Decides:  "eval/ood/accuracy",
		Link:     "cards?lane=opd,steps=50&lane=grpo,steps=50",
	}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := catalogue.Parse("lecture_3?seed=2")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Name, r.Seed(), r.Lanes)
	// Output: lecture_3 2 [opd,steps=50 grpo,steps=50]
}
