package script

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What docs/scripts.md shows can be run: its first program is a reward, and its second one is the
// first example of a task.
func TestDocumentedPrograms(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "scripts.md"))
	if err != nil {
		t.Fatal(err)
	}
	var programs []string
	for i, part := range strings.Split(string(page), "```") {
		if text, ok := strings.CutPrefix(part, "python\n"); ok && i%2 == 1 {
			programs = append(programs, text)
		}
	}
	if len(programs) != 2 {
		t.Fatalf("the page has %d programs, want 2", len(programs))
	}
	if _, err := Reward("mine.star", programs[0]); err != nil {
		t.Error(err)
	}
	if programs[1] != Tasks()[0].Text {
		t.Errorf("the task of the page is\n%s\nwant\n%s", programs[1], Tasks()[0].Text)
	}
}
