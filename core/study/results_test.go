package study

import (
	"encoding/json"
	"reflect"
	"testing"

	"posttrain/core/recipe"
)

// The outcomes that come with the exhibits follow from the numbers beside them, for the hypotheses of today.
func TestOutcomesFollowFromTheResults(t *testing.T) {
	for _, e := range recipe.Exhibits() {
		var kept Summary
		if err := json.Unmarshal(e.Results(), &kept); err != nil {
			t.Fatalf("exhibit %s: %v", e.Name, err)
		}
		if len(kept.Tested) == 0 || len(kept.Tested) != len(e.Hypotheses) {
			t.Fatalf("exhibit %s: %d of %d hypotheses are tested", e.Name, len(kept.Tested), len(e.Hypotheses))
		}
		if len(kept.Seeds) < 2 {
			t.Errorf("exhibit %s: %d seeds give no interval to show", e.Name, len(kept.Seeds))
		}
		for i, h := range e.Hypotheses {
			k := kept.Tested[i]
			if want := Decide(h, k.OfHigher, k.OfLower); len(k.OfHigher) != len(kept.Seeds) || !reflect.DeepEqual(k, want) {
				t.Errorf("exhibit %s: core/recipe/results has %+v, want %+v", e.Name, k, want)
			}
		}
	}
}
