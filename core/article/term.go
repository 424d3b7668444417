package article

import (
	"html"
	"strings"

	"github.com/posttrain/posttrain/core/glossary"
)

// ofTerm returns the article of a term of the glossary.
func ofTerm(e glossary.Entry) Article {
	title := ""
	if e.Title != strings.ReplaceAll(e.Name, "_", " ") {
		title = e.Title
	}
	return Article{Name: e.Name, Title: title, Paragraphs: []Paragraph{
		{Text: e.Doc},
		{Heading: "Also", Text: strings.Join(e.Also, ", ")},
		{Heading: "Source", Text: e.Cite},
	}}
}

// glossary returns the page of the glossary.
func (b *builder) glossary() Page {
	p := b.list("glossary.html", "Glossary", "The words that the playground uses, each with what "+
		"it means here.")
	var body strings.Builder
	body.WriteString("<dl class=\"terms\">\n")
	for _, e := range glossary.Entries() {
		w := b.writer(p.Path, Ref{Term, e.Name, ""})
		w.put("<div id=\"%s\"><dt>%s</dt><dd>%s", e.Name, html.EscapeString(e.Title),
			w.write(e.Doc))
		if len(e.Also) > 0 {
			w.put("<p class=\"small\">Also: %s.</p>",
				html.EscapeString(strings.Join(e.Also, ", ")))
		}
		if e.Cite != "" {
			w.put("<p class=\"small\">Source: %s.</p>", w.write(e.Cite))
		}
		w.put("</dd></div>\n")
		body.WriteString(w.b.String())
	}
	p.Body = body.String() + "</dl>\n"
	return p
}
