package article

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/param"
)

// file returns the page of docs that has the articles of a kind.
func file(kind string) string {
	switch kind {
	case Base:
		return "tasks.md"
	case Survey:
		return "survey.md"
	case Term:
		return "glossary.md"
	}
	return kind + "s.md"
}

// Markdown returns the article as a section of a page in docs. Links to other articles lead to the
// pages that these are on.
func (a Article) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n## %s\n", a.heading())
	for _, p := range a.Paragraphs {
		if !p.Common {
			p.markdown(&b)
		}
	}
	return b.String() + KnobTable(a.Knobs)
}

// markdown writes the paragraph as Markdown.
func (p Paragraph) markdown(b *strings.Builder) {
	lead := ""
	if p.Heading != "" {
		lead = "**" + p.Heading + ".** "
	}
	switch {
	case p.isEmpty():
		return
	case p.Code:
		fmt.Fprintf(b, "\n%s`%s`\n", lead, p.Text)
	case p.Text != "":
		fmt.Fprintf(b, "\n%s%s\n", lead, strings.ReplaceAll(p.Text, "*", `\*`))
	case p.See != nil:
		fmt.Fprintf(b, "\n%s%s\n", lead, strings.Join(names(p.See, Ref.Markdown), ", "))
	default:
		fmt.Fprintf(b, "\n%s\n", strings.TrimSpace(lead))
	}
	for i, item := range p.Items {
		fmt.Fprintf(b, "%s- `%s`: %s\n", strings.Repeat("\n", max(1-i, 0)), item.Name, item.Text)
	}
}

// Markdown returns a link to the article in docs.
func (r Ref) Markdown() string {
	return fmt.Sprintf("[%s](%s#%s)", r.Name, file(r.Kind), anchor(r.Name, r.Title))
}

// anchor returns the anchor of a heading with this name and title, for links to it.
func anchor(name, title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name + " " + title) {
		switch {
		case r == ' ' || r == '-':
			b.WriteByte('-')
		case r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		}
	}
	return b.String()
}

// KnobTable returns a table of knobs as Markdown, and "" for none.
func KnobTable(knobs []param.Knob) string {
	if len(knobs) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprint(&b, "\n| knob | default | unit | accepted | what it does "+
		"|\n|---|---|---|---|---|\n")
	for _, k := range knobs {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", k.Name, knobDefault(k), Cell(k.Unit),
			Cell(k.Accepts()), Cell(k.Doc))
	}
	return b.String()
}

// Cell returns a text that stays within one cell of a table in Markdown.
func Cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
}
