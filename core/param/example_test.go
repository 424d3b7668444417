package param_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/param"
)

// Two knobs are declared, and one of them is set from a text, as in a link. What
// a knob does not accept is refused, and the error says what it accepts.
func ExampleValues() {
	v := param.Defaults([]param.Knob{
		param.Integer("steps", "updates", 100, 1, 1000, "How many updates are made."),
		param.Choice("schedule", "constant", []string{"constant", "cosine"}, "How lr changes."),
	})
	if err := v.Set("steps", "250"); err != nil {
		fmt.Println(err)
	}
	fmt.Println(v.Int("steps"), v.Choice("schedule"), v.Changed())
	fmt.Println(v.Set("steps", "0"))
	fmt.Println(v.Set("step", "5"))
	// Output:
	// 250 constant [steps=250]
	// steps=0: expected a whole number from 1 to 1000
	// unknown setting "step": did you mean steps? accepted: steps, schedule
}
