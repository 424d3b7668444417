package site

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
)

// The source of every choice of every dial is there, and is what the program is made of.
func TestDialSources(t *testing.T) {
	content, err := dialSources("..")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]map[string][]Excerpt
	if err := json.Unmarshal(content, &all); err != nil {
		t.Fatal(err)
	}
	r, err := recipe.Standard().Parse("cards?lane=dials")
	if err != nil {
		t.Fatal(err)
	}
	board, err := r.Board(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range board.Dials {
		choices := []string{""}
		if d.Choice != nil && all[d.Name][""] == nil {
			choices = d.Choice.Choices
		}
		for _, choice := range choices {
			excerpts, ok := all[d.Name][choice]
			if !ok {
				t.Errorf("there is no source of %s=%s", d.Name, choice)
			}
			for _, e := range excerpts {
				checkExcerpt(t, e)
			}
		}
	}
	for _, c := range []struct{ dial, part, first, named string }{
		{"advantage", "z_score", "inGroup(func(param.Values) objective.Normaliser { return " +
			"objective.ZScore })", "func ZScore("},
		{"limit", "clip", "func(v param.Values, r *objective.Row) {\n\tr.Mask = " +
			"objective.DualClip(", "func Clip("},
		{"limit", "taper", "func(_ param.Values, r *objective.Row) { r.Ratio = taper }",
			"func taper("},
		{"average", "sum", "reducing(objective.SeqSum)", "func reducing("},
		{"kl", "", "// buildDials", "func PenalisedReward("},
	} {
		var text []string
		for _, e := range all[c.dial][c.part] {
			text = append(text, e.Text)
		}
		if got := strings.Join(text, "\n\n"); !strings.HasPrefix(got, c.first) ||
			!strings.Contains(got, "\n"+c.named) {
			t.Errorf("the source of %s=%s is\n%s", c.dial, c.part, got)
		}
	}
	if got := all["tokens"]["all"]; len(got) > 0 {
		t.Errorf("the source of what adds nothing is %v", got)
	}
	if _, err := dialSources(t.TempDir()); err == nil {
		t.Error("a folder without source has sources")
	}
}

// checkExcerpt fails unless an excerpt begins where it says.
func checkExcerpt(t *testing.T, e Excerpt) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(e.File)))
	if err != nil {
		t.Fatal(err)
	}
	lines, first := strings.Split(string(text), "\n"), strings.Split(e.Text, "\n")[0]
	if e.Line < 1 || e.Line > len(lines) || !strings.Contains(lines[e.Line-1], first) {
		t.Errorf("%s:%d does not have %q", e.File, e.Line, first)
	}
}
