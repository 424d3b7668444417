package lesson_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/wasm/staging"
)

// page is the vocabulary of the page.
func page() lesson.Vocabulary {
	return lesson.Vocabulary{Links: recipe.Standard(), Panels: staging.PanelNames(),
		Scenes: staging.Scenes}
}

// exhibitLink returns the canonical link of an exhibit.
func exhibitLink(t *testing.T, name string) string {
	t.Helper()
	r, err := recipe.Standard().Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	return r.Link()
}

// Every exhibit outside the museum has a lesson, which is about it, and nothing else has one.
func TestEveryExhibitHasALesson(t *testing.T) {
	var want []string
	for _, e := range recipe.Standard().Exhibits() {
		if e.Museum {
			continue
		}
		want = append(want, e.Name)
		l, err := lesson.Lookup(e.Name, page())
		if err != nil {
			t.Error(err)
			continue
		}
		// what a link chooses besides is how the page looks, so the numbers are the exhibit's
		if r, err := recipe.Standard().Parse(l.Link); err != nil || l.Name != e.Name ||
			r.Link() != exhibitLink(t, e.Name) {
			t.Errorf("lesson %s is about %s, want %s", l.Name, l.Link, e.Name)
		}
		if l.Minutes == 0 || l.Cite == "" || l.Lock == "" {
			t.Errorf("lesson %s has no minutes, cite or lock: want all", e.Name)
		}
	}
	slices.Sort(want)
	if names := lesson.Names(); !slices.Equal(names, want) {
		t.Errorf("the lessons are %q, want %q", names, want)
	}
	if _, err := lesson.Lookup("memorize", page()); err == nil ||
		!strings.Contains(err.Error(), "did you mean memorise?") {
		t.Errorf("an unknown lesson gives %v", err)
	}
}

// A lesson leads from a guess over a run and a question to a change, a second run and an answer in
// one's own words. Each step fits beside the picture.
func TestLessonsHaveOneForm(t *testing.T) {
	for _, name := range lesson.Names() {
		l, err := lesson.Lookup(name, page())
		if err != nil {
			t.Error(err)
			continue
		}
		var kinds []string
		first := firstScene(t, l.Link)
		for _, s := range l.Steps {
			if s.Goal != nil && s.Goal.Scene == first {
				t.Errorf("lesson %s, step %s: the page shows %s before anybody chooses it", name,
					s.ID, first)
			}
			if s.Goal != nil && !slices.Contains([]lesson.GoalKind{lesson.GoalSee,
				lesson.GoalOpen}, s.Goal.Kind) {
				kinds = append(kinds, string(s.Goal.Kind))
			}
			words := len(strings.Fields(tag.ReplaceAllString(s.HTML+" "+s.After, " ")))
			for _, c := range s.Choices {
				words += len(strings.Fields(c.Text))
			}
			if words > 135 || words < 20 {
				t.Errorf("lesson %s, step %s has %d words: want 20 to 135", name, s.ID, words)
			}
		}
		if got, want := strings.Join(kinds, " "), "predict run answer change run answer"; got !=
			want {
			t.Errorf("lesson %s has the goals %s, want %s", name, got, want)
		}
		if last := l.Steps[len(l.Steps)-1]; last.Choices != nil {
			t.Errorf("lesson %s does not end with a question to answer in own words", name)
		}
		if n := len(l.Steps); n < 5 || n > 9 {
			t.Errorf("lesson %s has %d steps, want 5 to 9", name, n)
		}
	}
}

// firstScene returns the picture that the page shows first.
func firstScene(t *testing.T, link string) string {
	t.Helper()
	r, err := recipe.Standard().Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return staging.Describe(r).First.Scene
}

var (
	tag     = regexp.MustCompile(`<[^>]*>`)
	arxiv   = regexp.MustCompile(`arXiv:\d+\.\d+`)
	decimal = regexp.MustCompile(`(\d*\.\d+)( %)?|(\d+) (%|points)`)
	between = regexp.MustCompile(`interval from -?([\d.]*\d) to (-?[\d.]*\d)`)
)

// Numbers that a lesson has of studies are among those in docs/exhibits.md and docs/results.md, to
// the digits that the lesson gives.
func TestNumbersOfStudies(t *testing.T) {
	exhibits, results := sections(t, "exhibits"), sections(t, "results")
	for _, name := range lesson.Names() {
		l, err := lesson.Lookup(name, page())
		if err != nil {
			t.Error(err)
			continue
		}
		for _, s := range l.Steps {
			if s.ID != "what-speaks-against-it" && s.ID != "is-it-the-method" {
				continue
			}
			text := arxiv.ReplaceAllString(tag.ReplaceAllString(s.HTML, " "), "")
			text = strings.ReplaceAll(text, "−", "-")
			numbers := decimal.FindAllString(text, -1)
			for _, ends := range between.FindAllStringSubmatch(text, -1) {
				for _, end := range ends[1:] {
					if !strings.Contains(end, ".") && end != "0" { // in points
						end += " points"
					}
					numbers = append(numbers, end)
				}
			}
			if len(numbers) < 4 {
				t.Errorf("lesson %s, step %s has the numbers %q: want those of the study", name,
					s.ID, numbers)
			}
			for _, found := range numbers {
				if !recorded(found, exhibits[name]+results[name]) {
					t.Errorf("lesson %s, step %s: %s is not among the numbers of the study",
						name, s.ID, found)
				}
			}
		}
	}
}

// sections returns the parts of a page of docs by the names of the exhibits that they are about.
func sections(t *testing.T, page string) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/" + page + ".md")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, part := range strings.Split("\n"+string(text), "\n## ")[1:] {
		name := regexp.MustCompile(`^\w+`).FindString(part)
		all[name] += arxiv.ReplaceAllString(part, "")
	}
	return all
}

// recorded reports whether a number such as 86 %, 12 points or 0.97 is in a text, rounded as it is.
// A percentage may be there as a share.
func recorded(number, text string) bool {
	digits := regexp.MustCompile(`[\d.]+`).FindString(number)
	x, err := strconv.ParseFloat("0"+digits, 64)
	if err != nil {
		return false
	}
	percent := strings.ContainsAny(number, "%p")
	if percent && strings.Contains(text, digits+" %") {
		return true
	}
	_, fraction, _ := strings.Cut(digits, ".")
	rounded := func(y float64) string { return fmt.Sprintf("%.*f", len(fraction), y) }
	for _, found := range regexp.MustCompile(`\d*\.\d+`).FindAllString(text, -1) {
		y, err := strconv.ParseFloat("0"+found, 64)
		if err != nil {
			return false
		}
		if percent {
			y *= 100
		}
		// what was rounded before may be rounded up or down from a 5
		if rounded(y) == rounded(x) || rounded(y+1e-9) == rounded(x) {
			return true
		}
	}
	return false
}
