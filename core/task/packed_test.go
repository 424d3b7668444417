package task

import (
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

// Rows of every task come back as they were, and what is not rows is refused.
func TestPackedRows(t *testing.T) {
	for _, k := range All() {
		for _, n := range []int{1, 30} {
			text, r := "prompt,answer\n", num.NewRand(0, "test", k.Name)
			for i, p := range k.TrainPrompts(1, n) {
				text += p.Prompt + "," +
					strings.Repeat(k.Demonstrate(&r, p, param.Defaults(k.Knobs)), i%2) + "\n"
			}
			d, err := k.ReadData("rows.csv", text)
			if err != nil {
				t.Fatalf("task %s: %v", k.Name, err)
			}
			packed := k.Pack(d)
			again, err := k.Unpack("rows", packed)
			if err != nil || again.Digest != d.Digest || again.Len() != d.Len() ||
				again.Dropped != 0 || k.Pack(again) != packed {
				t.Errorf("task %s: %d rows come back as %+v: %v", k.Name, d.Len(), again, err)
			}
			if long := len(text) + len(text)/9; len(packed) > long {
				t.Errorf("task %s: %d characters become %d", k.Name, len(text), len(packed))
			}
		}
	}
}
