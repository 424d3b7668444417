package article

import (
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
)

// Text, Markdown and HTML of one article say the same.
func TestOneArticleInThreeForms(t *testing.T) {
	c := recipe.Standard()
	m, err := c.Method("grpo")
	if err != nil {
		t.Fatal(err)
	}
	a := library(t).OfMethod(m)
	html := page(t, "methods/grpo.html").Body
	for form, text := range map[string]string{"text": a.Text(), "Markdown": a.Markdown(),
		"HTML": html} {
		for _, want := range []string{"policy gradient", "Related methods", "dr_grpo", "eps_low",
			"13.3 times the arithmetic", "The standard deviation is the population",
			"A verifier and a reference model."} {
			if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
				t.Errorf("the %s of grpo does not have %q", form, want)
			}
		}
	}
	if !strings.Contains(a.Text(), "Symbols:") || strings.Contains(a.Markdown(), "Symbols") {
		t.Error("symbols are explained in an article, but not on a page that has all of them")
	}
}

// What a method needs follows from what it reads and gathers.
func TestNeeds(t *testing.T) {
	c := recipe.Standard()
	for name, want := range map[string]string{
		"sft": "Demonstrations.", "reinforce": "A verifier.",
		"dpo":  "Preference labels and a reference model.",
		"opd":  "A teacher.",
		"gkd":  "Demonstrations and a teacher.",
		"ppo":  "A verifier, a critic (trained beside the policy) and a reference model.",
		"rlhf": "Preference labels, a reward model (trained first) and a reference model.",
		"hpt":  "Demonstrations and a verifier.",
	} {
		m, err := c.Method(name)
		if err != nil {
			t.Fatal(err)
		}
		have := ""
		for _, p := range library(t).OfMethod(m).Paragraphs {
			if p.Heading == "Needs" {
				have = p.Text
			}
		}
		if have != want {
			t.Errorf("%s needs %q, want %q", name, have, want)
		}
	}
}

// Each work of the survey without counterparts has a reason, and all other names exist.
func TestTheSurveyMapIsWhole(t *testing.T) {
	c := recipe.Standard()
	for _, s := range Sections() {
		for _, w := range s.Works {
			if !w.Built(c) && w.Why == "" {
				t.Errorf("%s, %s: %q is neither a method nor a knob, and no reason is given",
					s.Title, w.Name, w.Ours)
			}
			if strings.HasSuffix(w.Why, ".") || w.Name == "" {
				t.Errorf("%s, %q: %q ends in a full stop, or the work has no name", s.Title, w.Name,
					w.Why)
			}
		}
	}
}
