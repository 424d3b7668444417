package scene

import (
	"strconv"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

// A story is read as the task means it: the expert's responses in both styles, to stories of each
// level, say what there is after each event, and at last the answer.
func TestStoriesAreTheTasks(t *testing.T) {
	stories := lookedUp(t, "stories")
	for _, level := range stories.Levels {
		for i, p := range stories.EvalPrompts(level.Name, 64) {
			story, ok := readTale(p.Prompt)
			if ok != (level.Name != "prior") {
				t.Fatalf("%q is a story: %v", p.Prompt, ok)
			}
			if !ok {
				continue
			}
			want := strings.Fields(p.Answer)[4]
			if end := story.moments[len(story.moments)-1].after; strconv.Itoa(end) != want {
				t.Errorf("%q ends with %d, want %s", p.Prompt, end, want)
			}
			for _, style := range []string{"x", "y"} {
				v := param.Defaults(stories.Knobs)
				if err := v.Set("style", style); err != nil {
					t.Fatal(err)
				}
				r := num.NewRand(uint64(i), "test", "stories")
				response := stories.Demonstrate(&r, p, v)
				said, whole := story.said(response)
				for at, m := range story.moments {
					if !whole || said[at] != m.after {
						t.Fatalf("%q %q says %v", p.Prompt, response, said)
					}
				}
				first, _, _ := strings.Cut(response, " .")
				if said, whole := story.said(first); whole {
					t.Errorf("%q %q says %v, which is taken for the whole", p.Prompt, first, said)
				}
			}
		}
	}
}

// Lines of words fit, have all the words, and none begins with a full stop.
func TestWrapped(t *testing.T) {
	text := lookedUp(t, "stories").EvalPrompts("more", 1)[0].Prompt
	for wide := 70.0; wide < 400; wide += 7 {
		lines := wrapped(text, wide, labelSize, false)
		if strings.Join(lines, " ") != text {
			t.Errorf("%q becomes %q", text, lines)
		}
		for _, line := range lines {
			if Width(line, labelSize, false, false) > wide || strings.HasPrefix(line, ".") ||
				strings.HasPrefix(line, "?") {
				t.Errorf("in %v there is the line %q", wide, line)
			}
		}
	}
}
