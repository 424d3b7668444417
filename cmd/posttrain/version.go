package main

import (
	"fmt"
	"runtime/debug"

	"github.com/posttrain/posttrain/core/train"
)

// version is the version of the program, which has a section in CHANGELOG.md. The engine is the
// version of the numerics.
const version = "0.1.0"

// versionText returns the text of --version: version, engine and the revision that the program was
// built from.
func versionText(build *debug.BuildInfo) string {
	text := fmt.Sprintf("posttrain %s, engine %d", version, train.Engine)
	settings := map[string]string{}
	if build != nil {
		for _, s := range build.Settings {
			settings[s.Key] = s.Value
		}
	}
	revision := settings["vcs.revision"]
	if revision == "" {
		return text + ", revision unknown"
	}
	text += ", revision " + revision[:min(len(revision), 12)]
	if settings["vcs.modified"] == "true" {
		text += " with changes"
	}
	return text
}

// buildInfo returns what the go command has recorded in this program, and nil if it has not.
func buildInfo() *debug.BuildInfo {
	build, _ := debug.ReadBuildInfo()
	return build
}
