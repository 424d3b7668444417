package knob_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// A method takes the knobs of PPO's clipped objective, chooses another default for one of them and
// adds one of its own.
func ExampleProximal() {
	knobs := knob.Proximal(
		knob.EpsHigh.With(0.28),
		param.Integer("max_tokens", "tokens", 10, 1, 100, "Where an answer becomes too long."),
	)
	v := param.Defaults(knobs)
	fmt.Println(v.Float("eps_low"), v.Float("eps_high"), v.Int("max_tokens"))
	// Output: 0.2 0.28 10
}
