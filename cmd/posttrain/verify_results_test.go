//go:build verify

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/posttrain/posttrain/core/study/design"
	"github.com/posttrain/posttrain/studies"
)

// The history shows for every study with results that its lock was committed before them.
func TestVerifyLocksAreOlderThanResults(t *testing.T) {
	for _, name := range studies.Names() {
		results := checkedIn(name)
		if _, err := os.Stat(results); err != nil {
			continue
		}
		s, entries := registered(t, name)
		when, err := lockHistory(t.Context(), filepath.Join("..", "..", "studies", name+".lock"),
			results)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		standing := s.Standing(entries, when)
		for hypothesis, state := range standing.Hypotheses {
			if state != design.Registered {
				t.Errorf("%s: %s is %s", name, hypothesis, state)
			}
		}
		if len(standing.Dropped) > 0 {
			t.Errorf("%s has no longer: %v", name, standing.Dropped)
		}
	}
}
