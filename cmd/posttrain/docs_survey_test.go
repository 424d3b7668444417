package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/article"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/recipe"
)

// surveyPage writes docs/survey.md after its heading: section, work, what there is of it, where to
// see it.
func surveyPage(c *recipe.Catalogue, l *article.Library, page *bytes.Buffer) {
	built, all := article.Built(c)
	fmt.Fprintf(page, "\n%d of %d are built.\n\n| section | named there | here | exhibit "+
		"|\n|---|---|---|---|\n", built, all)
	for _, s := range article.Sections() {
		for _, w := range s.Works {
			fmt.Fprintf(page, "| %s | %s | %s | %s |\n", article.Cell(s.Heading()),
				article.Cell(w.Name), article.Cell(linked(c, w)), linkedExhibits(l, w))
		}
	}
	fmt.Fprint(page, "\n# Methods that are not on this map\n\n")
	for _, m := range article.Beyond(c) {
		fmt.Fprintf(page, "- %s: %s\n", methodLink(m), m.Cite)
	}
}

func methodLink(m method.Method) string {
	return article.Ref{Kind: article.Method, Name: m.Name, Title: m.Title}.Markdown()
}

// linked returns what the project has of a work, with links to methods and their files.
func linked(c *recipe.Catalogue, w article.Work) string {
	if !w.Built(c) {
		return w.Here(c)
	}
	var parts []string
	for _, name := range w.Ours {
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

func linkedExhibits(l *article.Library, w article.Work) string {
	var links []string
	for _, e := range l.ExhibitsOf(w) {
		links = append(links, e.Markdown())
	}
	return strings.Join(links, ", ")
}
