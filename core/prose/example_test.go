package prose_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/prose"
)

// Lists and shares are written alike on the page, in pictures and in the terminal.
func Example() {
	fmt.Println(prose.List([]string{"reward", "advantage", "coefficient"}))
	fmt.Println(prose.Percent(0.5) == "50"+prose.PercentSign)
	// Output:
	// reward, advantage and coefficient
	// true
}
