package recipe_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
)

// What the ledgers of the exhibits have counted is near what is estimated.
func TestOutlayIsNearTheLedger(t *testing.T) {
	c := recipe.Standard()
	for _, e := range c.Exhibits() {
		text, err := os.ReadFile(e.File())
		if err != nil {
			t.Fatal(err)
		}
		var was struct {
			Seeds []uint64
			Lanes []struct {
				Label string
				Cost  struct{ FLOPs float64 }
			}
		}
		if err := json.Unmarshal(text, &was); err != nil {
			t.Fatal(err)
		}
		r, err := c.Parse(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		for i, lane := range was.Lanes {
			one := r.Clone()
			one.Lanes = one.Lanes[i : i+1]
			counted := lane.Cost.FLOPs / float64(len(was.Seeds))
			got := one.Outlay()
			if ratio := got.Training / counted; counted > 0 && !(ratio > 0.6 && ratio < 1.7) {
				t.Errorf("%s, %s: the estimate is %.2f times the %.3g FLOPs that were counted",
					e.Name, lane.Label, ratio, counted)
			}
			if got.Tokens > got.Shape.Context || counted > 0 && got.Tokens < 3 {
				t.Errorf("%s, %s: %d tokens, %+v", e.Name, lane.Label, got.Tokens, got.Shape)
			}
			if got.Measuring < 0 || counted > 0 && got.Measuring == 0 {
				t.Errorf("%s, %s: measuring takes %g", e.Name, lane.Label, got.Measuring)
			}
		}
	}
}
