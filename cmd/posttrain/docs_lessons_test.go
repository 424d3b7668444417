package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/article"
	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/wasm/stage/scene"
	"github.com/posttrain/posttrain/wasm/staging"
	"github.com/posttrain/posttrain/wasm/vocabulary"
)

// lessonDocs holds the generated part of docs/lessons.md, the names that a lesson can use, to what
// the page has.
func lessonDocs(t *testing.T) {
	file := filepath.Join("..", "..", "docs", "lessons.md")
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	part := "| panel, for `hide` and `open` | what it is |\n|---|---|\n"
	for _, p := range staging.Panels() {
		part += fmt.Sprintf("| `%s` | %s |\n", p.Name, article.Cell(p.Doc))
	}
	part += "\n| picture, for `see` | what it shows |\n|---|---|\n"
	for _, s := range scene.All() {
		part += fmt.Sprintf("| `%s` | %s |\n", s.Name, article.Cell(s.Doc))
	}
	holdFile(t, file, replacePart(t, string(have), "the names", part), "the page has")
}

// The lessons that docs/lessons.md shows are accepted.
func TestLessonsOfTheDocs(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "lessons.md"))
	if err != nil {
		t.Fatal(err)
	}
	names := vocabulary.Of(recipe.Standard())
	shown := 0
	for block := range strings.SplitSeq(string(text), "```") {
		_, file, ok := strings.Cut(block, "---\n")
		if !ok || !strings.HasPrefix(file, "title:") {
			continue
		}
		shown++
		file, _, _ = strings.Cut(file, "</script>")
		if _, err := lesson.Parse([]byte("---\n"+file), names); err != nil {
			t.Error(err)
		}
	}
	if shown != 2 {
		t.Errorf("docs/lessons.md shows %d lessons, want 2", shown)
	}
}
