package objective_test

import (
	"testing"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// A bound for bad answers stops only tokens of bad answers, whichever clip it is added to, and the
// settings switch it on.
func TestDualClip(t *testing.T) {
	off := param.Defaults(knob.Proximal())
	on := off.Clone()
	if err := on.Set("dual_clip", "3"); err != nil {
		t.Fatal(err)
	}
	without := param.Defaults([]param.Knob{knob.EpsLow, knob.EpsHigh})
	for _, c := range []struct {
		v                      param.Values
		ratio, advantage, want float64
	}{
		{on, 3.1, -1, 0}, {on, 2.9, -1, 1}, {on, 0.7, -1, 0}, {on, 0.9, -1, 1},
		{on, 3.1, 1, 0}, {on, 1.1, 1, 1}, {on, 0.1, 1, 1},
		{off, 3.1, -1, 1}, {off, 3.1, 1, 0}, {without, 3.1, -1, 1}, {without, 0.7, -1, 0},
	} {
		if got := objective.ClipAt(c.v)(c.ratio, c.advantage); got != c.want {
			t.Errorf("%v: ratio %v, advantage %v: %v, want %v", c.v.Changed(), c.ratio,
				c.advantage, got, c.want)
		}
	}
}
