package design

import (
	"os"
	"strings"
	"testing"
)

// The file in docs/studies.md is a study, and shows every key.
func TestTheFileInTheDocs(t *testing.T) {
	text, err := os.ReadFile("../../../docs/studies.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```yaml\n")
	file, prose, found := strings.Cut(rest, "```\n")
	if !found {
		t.Fatal("there is no YAML in docs/studies.md")
	}
	s := parse(t, file)
	if len(s.Hypotheses) != 3 || len(s.Exploratory()) != 0 {
		t.Errorf("it has the hypotheses %+v", s.Hypotheses)
	}
	for _, key := range []string{"name", "title", "question", "doc", "found", "experiments",
		"hypotheses", "analysis", "recipe", "bases", "seeds", "tune", "judge", "arms", "lane",
		"lanes", "says", "cite", "metric", "higher", "lower", "by", "ratio", "at", "reach", "spend",
		"choose", "highest", "lowest", "budget", "law", "x", "y", "below", "above", "resamples",
		"level", "correction"} {
		if !strings.Contains(file, key+":") && !strings.Contains(prose, "`"+key) {
			t.Errorf("the docs do not show the key %s", key)
		}
	}
	for _, state := range []State{Registered, Unproved, Late, Changed, Unregistered} {
		if !strings.Contains(prose, "| "+string(state)+" |") {
			t.Errorf("the docs do not explain %q", state)
		}
	}
}
