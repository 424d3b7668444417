package recipe

import (
	"slices"
	"strings"
	"testing"
)

// Every exhibit has a group and a short question of its own, and every group has exhibits. The
// failures are a group.
func TestExhibitsAreGrouped(t *testing.T) {
	asked := map[string]bool{}
	grouped := map[Group]int{}
	for _, e := range Standard().Exhibits() {
		grouped[e.Group]++
		if !slices.Contains(Groups(), e.Group) {
			t.Errorf("exhibit %s has the group %q, want one of %q", e.Name, e.Group, Groups())
		}
		if (e.Group == GroupFailures) != e.Museum {
			t.Errorf("exhibit %s: group %s, museum %v", e.Name, e.Group, e.Museum)
		}
		if !strings.HasSuffix(e.Asks, "?") || len(e.Asks) > 64 || asked[e.Asks] {
			t.Errorf("exhibit %s asks %q: want a short question of its own", e.Name, e.Asks)
		}
		asked[e.Asks] = true
	}
	for _, g := range Groups() {
		if grouped[g] < 3 {
			t.Errorf("the group %s has %d exhibits", g, grouped[g])
		}
	}
}
