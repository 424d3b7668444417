//go:build !page

package study

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

// changedIn reports, for every engine after the first, whether it computes a stage differently from
// the engine before it. The result of an older engine is kept if none of its stages has changed
// since; the long tier checks that it still comes out to the bit.
var changedIn = []func(s train.Stage) bool{
	2: func(s train.Stage) bool {
		return knob.Temperature(s.Values) != 1 ||
			slices.Contains([]string{"chord_mu", "chord_phi", "srft", "topr"}, s.Method.Name)
	},
}

// The results of exhibits are of the current engine, or of one that computes their lanes with the
// same bits.
func TestResultsAreOfToday(t *testing.T) {
	if len(changedIn) != train.Engine+1 {
		t.Fatalf("the engine is %d, and what changed is told up to engine %d", train.Engine,
			len(changedIn)-1)
	}
	for _, e := range recipe.Standard().Exhibits() {
		var kept Summary
		if err := json.Unmarshal(e.Results(), &kept); err != nil {
			t.Fatalf("exhibit %s: %v", e.Name, err)
		}
		if kept.Engine < 1 || kept.Engine > train.Engine {
			t.Errorf("exhibit %s: its results are of engine %d, want 1 to %d", e.Name, kept.Engine,
				train.Engine)
		}
		r, err := recipe.Standard().Parse(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		for engine := max(1, kept.Engine) + 1; engine <= train.Engine; engine++ {
			for _, lane := range r.Lanes {
				if slices.ContainsFunc(lane, changedIn[engine]) {
					t.Errorf("exhibit %s: its results are of engine %d, and engine %d computes a "+
						"lane otherwise: run it again", e.Name, kept.Engine, engine)
				}
			}
		}
	}
}

// The outcomes that come with the exhibits follow from the numbers beside them, for the hypotheses
// of today.
func TestOutcomesFollowFromTheResults(t *testing.T) {
	for _, e := range recipe.Standard().Exhibits() {
		var kept Summary
		if err := json.Unmarshal(e.Results(), &kept); err != nil {
			t.Fatalf("exhibit %s: %v", e.Name, err)
		}
		if len(kept.Tested) == 0 || len(kept.Tested) != len(e.Hypotheses) {
			t.Fatalf("exhibit %s: %d of %d hypotheses are tested", e.Name, len(kept.Tested),
				len(e.Hypotheses))
		}
		if len(kept.Seeds) < 2 {
			t.Errorf("exhibit %s: %d seeds give no interval to show", e.Name, len(kept.Seeds))
		}
		for i, h := range e.Hypotheses {
			k := kept.Tested[i]
			if want := Decide(h, k.OfHigher, k.OfLower); len(k.OfHigher) != len(kept.Seeds) ||
				!reflect.DeepEqual(k, want) {
				t.Errorf("exhibit %s: core/recipe/results has %+v, want %+v", e.Name, k, want)
			}
		}
	}
}
