package site

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The class for notebooks has the traits that the widget uses, and no others.
func TestTheNotebookHasTheWidgetsTraits(t *testing.T) {
	read := func(name string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	class, module := read("../docs/examples/notebook/posttrain_lab.py"), read("widget.js")
	var has, uses []string
	for _, m := range regexp.MustCompile(`(?m)^    (\w+) = traitlets\.`).FindAllStringSubmatch(class,
		-1) {
		has = append(has, m[1])
	}
	for _, m := range regexp.MustCompile(`\b(?:trait|write)\("(\w+)"`).FindAllStringSubmatch(module,
		-1) {
		uses = append(uses, m[1])
	}
	passed := regexp.MustCompile(`const passed = \[(.+)\]`).FindStringSubmatch(module)
	if passed == nil {
		t.Fatal("widget.js no longer lists the traits that are in an address")
	}
	for _, name := range strings.Split(passed[1], ", ") {
		uses = append(uses, strings.Trim(name, `"`))
	}
	slices.Sort(has)
	slices.Sort(uses)
	if uses = slices.Compact(uses); !slices.Equal(has, uses) || len(has) < 13 {
		t.Errorf("the class has the traits %q, the widget uses %q", has, uses)
	}
}
