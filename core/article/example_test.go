package article_test

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/article"
	"github.com/posttrain/posttrain/core/recipe"
)

// The article of a term, as a terminal prints it.
func Example() {
	library, err := article.New(recipe.Standard())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, kind := range library.Kinds() {
		if kind.Name == article.Term {
			a, err := kind.Find("rollout")
			if err != nil {
				fmt.Println(err)
				return
			}
			fmt.Println(strings.TrimSpace(a.Text()))
		}
	}
	// Output:
	// rollout
	//
	// An answer that the policy has sampled in order to learn from it.
}
