package site

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/guide"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/recipe"
)

// studyOf returns what the study of an exhibit found, as the site has it.
func studyOf(t *testing.T, exhibit string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "studies", "exhibits", exhibit+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// found returns what the finder shows.
func found(t *testing.T) finder {
	t.Helper()
	f, err := newFinder(recipe.Standard(),
		func(exhibit string) []byte { return studyOf(t, exhibit) })
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The gallery has every exhibit with the words of its study, and the values of its run.
func TestTheGalleryHasAllExhibits(t *testing.T) {
	f, all := found(t), recipe.Standard().Exhibits()
	if len(f.Exhibits) != len(all) {
		t.Fatalf("%d of %d exhibits", len(f.Exhibits), len(all))
	}
	for i, e := range all {
		got := f.Exhibits[i]
		if got.Name != e.Name || got.Title != e.Title || got.Group != e.Group ||
			got.Asks != e.Asks {
			t.Errorf("exhibit %s is %+v", e.Name, got)
		}
		var a struct {
			Summary, Found string
			Verdicts       []struct{ Word string }
		}
		if err := json.Unmarshal(studyOf(t, e.Name), &a); err != nil {
			t.Fatal(err)
		}
		said, ended := strings.CutSuffix(got.Verdict, ".")
		if !ended || len(said) < 30 || !strings.HasPrefix(a.Found, said) ||
			strings.Contains(said, ". ") && !strings.Contains(said, "et al. ") {
			t.Errorf("exhibit %s: its verdict is %q, want the first sentence of %q", e.Name,
				got.Verdict, a.Found)
		}
		if len(got.Verdict) > 260 {
			t.Errorf("exhibit %s: its verdict has %d letters: %q", e.Name, len(got.Verdict),
				got.Verdict)
		}
		if got.Summary != a.Summary || len(got.Outcomes) != len(a.Verdicts) ||
			got.Outcomes[0] != a.Verdicts[0].Word {
			t.Errorf("exhibit %s: %q with the outcomes %q, its study has %+v", e.Name, got.Summary,
				got.Outcomes, a)
		}
		drawsTheRun(t, e, got.Sketch)
	}
}

// drawsTheRun compares a sketch with the curves of the exhibit.
func drawsTheRun(t *testing.T, e recipe.Exhibit, s sketch) {
	t.Helper()
	c, err := e.Curves()
	if err != nil {
		t.Fatal(err)
	}
	r, err := recipe.Standard().Parse(e.Name)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Lanes) != len(r.Lanes) || len(s.Picture.Dots) != len(r.Lanes) ||
		len(s.Picture.Lines) != len(c.Lanes)+2 || s.Measure == "" || s.End == "" {
		t.Fatalf("exhibit %s is drawn as %+v", e.Name, s)
	}
	own := c.Lanes[len(c.Lanes)-len(r.Lanes):]
	for i, name := range r.LaneNames() {
		last := own[i].Values[len(own[i].Values)-1]
		if s.Lanes[i].Name != name {
			t.Errorf("exhibit %s: lane %d is called %q, want %q", e.Name, i, s.Lanes[i].Name, name)
		}
		if strings.HasSuffix(s.Top, prose.PercentSign) && s.Lanes[i].Value != prose.Percent(last) {
			t.Errorf("exhibit %s: %s ends at %q, want %v", e.Name, name, s.Lanes[i].Value, last)
		}
		at, line := s.Picture.Dots[i].At, s.Picture.Lines[len(s.Picture.Lines)-len(own)+i]
		if at != line.Points[len(line.Points)-1] || len(line.Points) != len(own[i].At) {
			t.Errorf("exhibit %s: the line of %s is %v and ends at %v", e.Name, name, line, at)
		}
		for _, p := range line.Points {
			if p.X < 0 || p.X > s.Width || p.Y < 0 || p.Y > s.Height {
				t.Errorf("exhibit %s: %s is drawn at %v, outside", e.Name, name, p)
			}
		}
	}
}

// A search finds exhibits by title, question, method, task, and by other words for their terms.
func TestExhibitsAreFoundByTheirWords(t *testing.T) {
	f := found(t)
	for word, want := range map[string]string{
		"memorises": "memorise", "remember": "memorise", "dapo": "entropy", "melod": "hacking",
		"2501.17161": "memorise", "arithmetic in stories": "whose_words", "luffy": "hybrids",
	} {
		at := slices.IndexFunc(f.Exhibits, func(c card) bool { return c.Name == want })
		if !strings.Contains(f.Exhibits[at].Words, word) {
			t.Errorf("%q does not find %s", word, want)
		}
	}
	for _, e := range f.Exhibits {
		if e.Words != strings.ToLower(e.Words) {
			t.Errorf("the words of %s are not in small letters", e.Name)
		}
	}
}

// The list of methods has every method once, by family, with what it needs in the guide's words.
func TestTheFinderHasAllMethods(t *testing.T) {
	f := found(t)
	if len(f.Methods) != len(method.All()) || !slices.Equal(f.Families, method.Families()) {
		t.Fatalf("%d of %d methods in the families %q", len(f.Methods), len(method.All()),
			f.Families)
	}
	takes := map[string][]string{}
	family := 0
	for _, m := range f.Methods {
		if at := slices.Index(f.Families, m.Family); at < family {
			t.Errorf("%s of the family %s is out of place", m.Name, m.Family)
		} else {
			family = at
		}
		if !strings.HasSuffix(m.Says, ".") || m.Title == "" || len(m.Takes) == 0 {
			t.Errorf("%s is told as %+v", m.Name, m)
		}
		takes[m.Name] = m.Takes
		for _, name := range m.Takes {
			if !slices.ContainsFunc(f.Takes, func(t take) bool { return t.Name == name }) {
				t.Errorf("%s takes %s, which has no title", m.Name, name)
			}
			if _, err := (guide.Asked{Have: name, Need: "id"}).Parse(); err != nil {
				t.Errorf("%s takes %s, which the guide does not know: %v", m.Name, name, err)
			}
		}
	}
	for name, want := range map[string][]string{"sft": {"demos"}, "grpo": {"verifier"},
		"dpo": {"labels"}, "opd": {"teacher"}, "gkd": {"demos", "teacher"},
		"luffy": {"demos", "verifier"}, "rlhf": {"reward_model"}} {
		if !slices.Equal(takes[name], want) {
			t.Errorf("%s takes %q, want %q", name, takes[name], want)
		}
	}
}

func TestFinding(t *testing.T) {
	for found, want := range map[string]string{
		"What A et al. say is so: .97 and .11. More.":   "What A et al. say is so.",
		"It is .5 of it, and no more. On four it is 1.": "It is .5 of it, and no more.",
		"One sentence": "One sentence",
	} {
		if got := finding(found); got != want {
			t.Errorf("of %q it says %q, want %q", found, got, want)
		}
	}
}
