package study

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/recipe"
)

// Whatever was measured is of a method and of the setting that it is tried in now, with every seed
// and every level.
func TestTrialsAreOfToday(t *testing.T) {
	all, err := Trials()
	if err != nil {
		t.Fatal(err)
	}
	for name, trial := range all {
		m, err := method.Lookup(name)
		if err != nil {
			t.Error(err)
			continue
		}
		r, err := TrialRecipe(recipe.Standard(), m)
		if err != nil {
			t.Fatal(err)
		}
		if trial.Link != r.Link() {
			t.Errorf("%s was tried in %s, and is to be tried in %s", name, trial.Link, r.Link())
		}
		for _, metric := range trialMetrics(r.Task) {
			if len(trial.Changes[metric]) != len(trialSeeds) {
				t.Errorf("%s: %d changes of %s, want one for each of %d seeds", name,
					len(trial.Changes[metric]), metric, len(trialSeeds))
			}
			for _, c := range trial.Changes[metric] {
				if math.Abs(c.Before-0.5) > 0.5 || math.Abs(c.After-0.5) > 0.5 {
					t.Errorf("%s: %s goes from %v to %v", name, metric, c.Before, c.After)
				}
			}
		}
	}
}

// Every method has a setting to be tried in.
func TestEveryFamilyHasASetting(t *testing.T) {
	for _, m := range method.All() {
		if _, err := TrialRecipe(recipe.Standard(), m); err != nil {
			t.Error(err)
		}
	}
}
