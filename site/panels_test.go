package site

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/wasm/staging"
)

// What links and lessons can hide, and the builder offers to hide, are the panels of the lab.
func TestPanels(t *testing.T) {
	want := staging.PanelNames()
	slices.Sort(want)
	for name, pattern := range map[string]string{labPart: `data-panel="(\w+)"`,
		"js/builder-panels.js": `(\w+): texts\.`} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var panels []string
		for _, found := range regexp.MustCompile(pattern).FindAllSubmatch(text, -1) {
			panels = append(panels, string(found[1]))
		}
		slices.Sort(panels)
		panels = slices.Compact(panels)
		if !slices.Equal(panels, want) {
			t.Errorf("%s has the panels %q, and staging.PanelNames %q", name, panels, want)
		}
	}
}
