package site

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/wasm/staging"
)

// What links and lessons can hide are the panels of the lab.
func TestPanels(t *testing.T) {
	part, err := os.ReadFile(labPart)
	if err != nil {
		t.Fatal(err)
	}
	var panels []string
	for _, found := range regexp.MustCompile(`data-panel="(\w+)"`).FindAllSubmatch(part, -1) {
		panels = append(panels, string(found[1]))
	}
	slices.Sort(panels)
	panels = slices.Compact(panels)
	want := staging.Panels()
	slices.Sort(want)
	if !slices.Equal(panels, want) {
		t.Errorf("%s has the panels %q, and staging.Panels %q", labPart, panels, want)
	}
}
