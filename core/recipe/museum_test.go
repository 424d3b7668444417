package recipe

import (
	"slices"
	"strings"
	"testing"
)

// In an exhibit of the museum, the second lane differs from the first in one knob, and Sign and
// Cure are set.
func TestFailureMuseum(t *testing.T) {
	seen := 0
	for i, e := range Standard().Exhibits() {
		if said := len(e.Sign) > 10 && len(e.Cure) > 10; said != e.Museum ||
			(e.Sign+e.Cure != "") != e.Museum {
			t.Errorf("exhibit %s: museum %v, sign %q, cure %q", e.Name, e.Museum, e.Sign, e.Cure)
		}
		if !e.Museum {
			continue
		}
		seen++
		if rest := Standard().Exhibits()[i:]; slices.ContainsFunc(rest,
			func(o Exhibit) bool { return !o.Museum }) {
			t.Errorf("exhibit %s is told before some that are no failures", e.Name)
		}
		r := parsed(t, e.Name)
		if len(r.Lanes) != 2 || len(r.Lanes[0]) != 1 || len(r.Lanes[1]) != 1 ||
			r.Lanes[0][0].Method.Name != r.Lanes[1][0].Method.Name {
			t.Errorf("exhibit %s: want two lanes of one stage of the same method", e.Name)
			continue
		}
		fails, cured := r.Lanes[0][0].Values, r.Lanes[1][0].Values
		var turned []string
		for _, k := range fails.Knobs() {
			if fails.Text(k.Name) != cured.Text(k.Name) {
				turned = append(turned, k.Name+"="+cured.Text(k.Name))
			}
		}
		if len(turned) != 1 || !strings.HasPrefix(e.Cure, turned[0]) {
			t.Errorf("exhibit %s turns %v, and its cure is %q", e.Name, turned, e.Cure)
		}
	}
	if seen != 7 {
		t.Errorf("the museum has %d failures, want 7", seen)
	}
}
