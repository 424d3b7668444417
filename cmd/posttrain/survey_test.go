package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/recipe"
)

// surveyPage writes docs/survey.md after its heading: section, work, what there is of it, where to
// see it.
func surveyPage(c *recipe.Catalogue, page *bytes.Buffer) {
	built, all := 0, 0
	for _, s := range survey {
		for _, w := range s.works {
			all++
			if w.built(c) {
				built++
			}
		}
	}
	fmt.Fprintf(page, "\n%d of %d are built.\n\n| section | named there | here | exhibit "+
		"|\n|---|---|---|---|\n", built, all)
	for _, s := range survey {
		for _, w := range s.works {
			fmt.Fprintf(page, "| %s | %s | %s | %s |\n", cell(s.heading()), cell(w.work),
				cell(linked(c, w)), cell(linkedExhibits(c, w)))
		}
	}
	fmt.Fprint(page, "\n# Methods that are not on this map\n\n")
	for _, name := range beyond(c) {
		m, _ := c.Method(name)
		fmt.Fprintf(page, "- %s: %s\n", methodLink(m), m.Cite)
	}
}

func methodLink(m method.Method) string {
	return fmt.Sprintf("[%s](methods.md#%s)", m.Name, anchor(m.Name, m.Title))
}

// linked returns what the project has of a work, with links to methods and their files.
func linked(c *recipe.Catalogue, w surveyed) string {
	if !w.built(c) {
		return w.here(c)
	}
	var parts []string
	for _, name := range w.ours {
		if m, err := c.Method(name); err == nil {
			parts = append(parts,
				fmt.Sprintf("%s, [core/method/%s.go](../core/method/%s.go)", methodLink(m), name,
					name))
		} else {
			parts = append(parts, "the knob `"+name+"`")
		}
	}
	return strings.Join(parts, "; ")
}

func linkedExhibits(c *recipe.Catalogue, w surveyed) string {
	var links []string
	for _, e := range w.exhibits(c) {
		links = append(links, fmt.Sprintf("[%s](exhibits.md)", e))
	}
	return strings.Join(links, ", ")
}

// Each work without counterparts has a reason, and all other names exist.
func TestTheSurveyMapIsWhole(t *testing.T) {
	c := recipe.Standard()
	for _, s := range survey {
		for _, w := range s.works {
			if !w.built(c) && w.why == "" {
				t.Errorf("%s, %s: %q is neither a method nor a knob, and no reason is given",
					s.title, w.work, w.ours)
			}
			if strings.HasSuffix(w.why, ".") || w.work == "" {
				t.Errorf("%s, %q: %q ends in a full stop, or the work has no name", s.title, w.work,
					w.why)
			}
		}
	}
}
