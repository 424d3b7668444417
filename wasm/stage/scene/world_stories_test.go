package scene

import (
	"strconv"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
)

// A story is read as the task means it: the expert's responses in both styles, to stories of each
// level and size, say what there is after each event, and at last the answer.
func TestStoriesAreTheTasks(t *testing.T) {
	for _, size := range []string{"page", "full", "large"} {
		stories, err := lookedUp(t, "stories").Resized(size, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, level := range stories.Levels {
			for _, p := range stories.EvalPrompts(level.Name, 64) {
				story, ok := readTale(p.Prompt)
				if ok != (level.Name != "prior") {
					t.Fatalf("%q is a story: %v", p.Prompt, ok)
				}
				if ok {
					storyIsTheTasks(t, stories, story, p)
				}
			}
		}
	}
}

func storyIsTheTasks(t *testing.T, stories task.Task, story tale, p task.Problem) {
	t.Helper()
	ends := map[bool]int{} // by whether they are of the second kind
	for i, m := range story.moments {
		second := len(story.kinds) == 2 &&
			(i == 1 || i > 1 && strings.HasSuffix(m.text, story.kinds[1]))
		ends[second] = m.after
	}
	last := strings.Fields(p.Answer)
	want := last[len(last)-2]
	if got := strconv.Itoa(ends[len(story.kinds) == 2]); got != want ||
		len(story.kinds) == 2 && strconv.Itoa(ends[false]) != last[0] {
		t.Errorf("%q ends with %v, want %s", p.Prompt, ends, p.Answer)
	}
	for _, style := range []string{"x", "y"} {
		v := param.Defaults(stories.Knobs)
		if err := v.Set("style", style); err != nil {
			t.Fatal(err)
		}
		r := num.NewRand(1, "test", "stories")
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
