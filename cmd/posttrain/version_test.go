package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/train"
)

func TestVersionText(t *testing.T) {
	const revision = "0123456789abcdef0123"
	engine := fmt.Sprintf(", engine %d", train.Engine)
	built := func(modified string) []debug.BuildSetting {
		return []debug.BuildSetting{
			{Key: "vcs.revision", Value: revision}, {Key: "vcs.modified", Value: modified},
		}
	}
	for _, c := range []struct {
		settings []debug.BuildSetting
		ends     string
	}{
		{nil, engine + ", revision unknown"},
		{built("false"), engine + ", revision 0123456789ab"},
		{built("true"), engine + ", revision 0123456789ab with changes"},
	} {
		want := "posttrain " + version + c.ends
		if got := versionText(&debug.BuildInfo{Settings: c.settings}); got != want {
			t.Errorf("built with %v: %q, want %q", c.settings, got, want)
		}
	}
	want := "posttrain " + version + engine + ", revision unknown"
	if got := versionText(nil); got != want {
		t.Errorf("without build information: %q, want %q", got, want)
	}
}

// The changelog has a section for the version, and CITATION.cff has the version.
func TestDocumentsNameTheVersion(t *testing.T) {
	for file, want := range map[string]string{
		"CHANGELOG.md": "\n## [" + version + "]", "CITATION.cff": "\nversion: " + version + "\n",
	} {
		text, err := os.ReadFile("../../" + file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), want) {
			t.Errorf("%s has no line %q", file, strings.TrimSpace(want))
		}
	}
}
