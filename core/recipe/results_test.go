//go:build !page

package recipe

import (
	"encoding/json"
	"testing"
)

// Results over seeds are shown only if nothing but the seed was changed in the exhibit. They have
// all lanes and levels.
func TestResultsBelongToTheExhibit(t *testing.T) {
	for _, e := range Standard().Exhibits() {
		for link, want := range map[string]bool{e.Name: true, e.Name + "?seed=99": true,
			e.Name + "?eval_every=7": false, e.Name + "?lane=sft": false} {
			r, err := Standard().Parse(link)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Describe().Studied; got != want {
				t.Errorf("%s: results over seeds are shown: %v, want %v", link, got, want)
			}
		}
		var study struct {
			Lanes []struct {
				Label   string
				Metrics map[string]any
			}
		}
		if err := json.Unmarshal(e.Results(), &study); err != nil {
			t.Fatalf("exhibit %s: %v", e.Name, err)
		}
		r, err := Standard().Parse(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		if len(study.Lanes) != len(r.Lanes) {
			t.Errorf("exhibit %s: results of %d lanes over seeds, want %d: CONTRIBUTING.md says "+
				"how to make them", e.Name, len(study.Lanes), len(r.Lanes))
			continue
		}
		for i, label := range r.Labels() {
			if study.Lanes[i].Label != label {
				t.Errorf("exhibit %s: results of lane %s, want %s", e.Name, study.Lanes[i].Label,
					label)
			}
			for _, level := range r.Task.Levels {
				if _, ok := study.Lanes[i].Metrics[level.Metric()]; !ok {
					t.Errorf("exhibit %s: no result of lane %s for level %s", e.Name, label,
						level.Name)
				}
			}
		}
	}
}
