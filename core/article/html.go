package article

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/prose"
)

// writer writes articles as HTML for one page.
type writer struct {
	*inliner
	b     strings.Builder
	up    string // the address of the folder of the reference, relative to the page
	lab   string // the same of the lab
	knobs []KnobEntry
	short bool // everything is called by its name, to keep the page small
}

// put writes HTML.
func (w *writer) put(format string, args ...any) { fmt.Fprintf(&w.b, format, args...) }

// article writes an article without its name and its first text, which is what the page begins
// with.
func (w *writer) article(a Article) {
	heading, facts := "", false
	for _, p := range a.Paragraphs {
		if p.isEmpty() {
			continue
		}
		if facts && !p.Fact {
			w.put("</dl>\n")
		}
		if p.Fact && !facts {
			w.put("<dl class=\"facts\">\n")
		}
		if facts = p.Fact; facts {
			w.put("<div><dt>%s</dt><dd>", html.EscapeString(p.Heading))
			w.text(p)
			w.see(p.See)
			w.put("</dd></div>\n")
			continue
		}
		if p.Heading != "" && p.Heading != heading {
			w.put("<h2 id=\"on-%s\">%s</h2>\n", fragment(strings.ToLower(p.Heading)),
				html.EscapeString(p.Heading))
		}
		if p.Heading != "" {
			heading = p.Heading
		}
		w.paragraph(a, p)
	}
	if facts {
		w.put("</dl>\n")
	}
}

// paragraph writes what a paragraph has under its heading.
func (w *writer) paragraph(a Article, p Paragraph) {
	switch {
	case p.Text == "":
	case p.Code && !p.Words:
		w.put("<pre tabindex=\"0\"><code>%s</code></pre>\n", html.EscapeString(p.Text))
		w.tryIt(p.Link)
	case p.Code:
		w.put("<p class=\"words\">%s</p>\n", html.EscapeString(p.Text))
	case p.Formula:
		w.formula(a, p.Text)
	default:
		w.put("<p>")
		w.text(p)
		w.put("</p>\n")
	}
	w.items(a, p)
	if p.See != nil {
		w.see(p.See)
		w.put("\n")
	}
}

// text writes the text of a paragraph. A link of a recipe at its end opens the lab.
func (w *writer) text(p Paragraph) {
	before, ok := strings.CutSuffix(p.Text, p.Link)
	w.b.WriteString(w.write(before))
	if ok && p.Link != "" {
		w.put(` <a href="%s"><code>%s</code></a>`, w.labLink(p.Link), html.EscapeString(p.Link))
	}
}

// labLink returns the address of a recipe in the lab.
func (w *writer) labLink(link string) string { return html.EscapeString(w.lab + "#" + link) }

// tryIt writes a link that opens a recipe in the lab; nothing if there is none.
func (w *writer) tryIt(link string) {
	if link != "" {
		w.put("<p><a href=\"%s\">Open it in the lab</a></p>\n", w.labLink(link))
	}
}

// formula writes a formula and, below it, what it defines.
func (w *writer) formula(a Article, text string) {
	parts := definitions(text)
	w.put("<p class=\"formula\">%s</p>\n", formulaHTML(parts[0], a.isOwnKnob))
	if len(parts) > 1 {
		w.put("<ul class=\"where\">\n")
		for _, part := range parts[1:] {
			w.put("<li class=\"formula\">%s</li>\n", formulaHTML(part, a.isOwnKnob))
		}
		w.put("</ul>\n")
	}
}

// isOwnKnob reports whether a word of a formula is the name of one of the article's knobs. Names of
// one letter, and those that are also words of the language, are none.
func (a Article) isOwnKnob(word string) bool {
	if len(word) == 1 || word == "group" || word == "batch" {
		return false
	}
	for _, k := range a.Knobs {
		if k.Name == word {
			return true
		}
	}
	return false
}

// items writes a list of items: numbered ones, or names with what is said of them.
func (w *writer) items(a Article, p Paragraph) {
	if p.Items == nil {
		return
	}
	if p.Items[0].Name == "1" {
		w.put("<ol>\n")
		for _, i := range p.Items {
			w.put("<li>%s</li>\n", html.EscapeString(i.Text))
		}
		w.put("</ol>\n")
		return
	}
	class := "items"
	if p.Formula {
		class = "facts signs"
	}
	w.put("<dl class=\"%s\">\n", class)
	for _, i := range p.Items {
		name, text := html.EscapeString(i.Name), w.write(i.Text)
		if p.Formula {
			name = formulaHTML(i.Name, func(string) bool { return false })
		}
		w.put("<div><dt>%s</dt><dd>%s</dd></div>\n", name, text)
	}
	w.put("</dl>\n")
}

// see writes links to other articles.
func (w *writer) see(refs []Ref) {
	if refs == nil {
		return
	}
	w.put("<ul class=\"see\">")
	for _, r := range refs {
		w.put("<li>%s</li>", w.link(r))
	}
	w.put("</ul>")
}

// link returns a link to an article. What people know by its title is called by it.
func (w *writer) link(r Ref) string {
	text := r.Name
	if r.Kind != Method && r.Title != "" && !w.short {
		text = r.Title
	}
	hint := ""
	if r.Kind == Method && r.Title != "" {
		hint = fmt.Sprintf(` title="%s"`, html.EscapeString(r.Title))
	}
	return fmt.Sprintf(`<a href="%s"%s>%s</a>`, w.href(r), hint, html.EscapeString(text))
}

// knobsOf writes an article's own knobs in full, and the names of those that it shares with others
// of its kind.
func (w *writer) knobsOf(a Article, kind string) {
	if len(a.Knobs) == 0 && len(a.Shared) == 0 {
		return
	}
	source := ""
	if i := slices.IndexFunc(a.Paragraphs, func(p Paragraph) bool {
		return p.Heading == "Source"
	}); i >= 0 {
		source = a.Paragraphs[i].Text
	}
	w.put("<h2 id=\"knobs\">Knobs</h2>\n")
	for _, k := range a.Knobs {
		if e := knobList(w.knobs).find(k); e != nil {
			w.knob(*e, k, source)
		}
	}
	if len(a.Shared) == 0 {
		return
	}
	w.put("<p>%s</p>\n<ul class=\"see\">", shared(kind))
	for _, k := range a.Shared {
		if e := knobList(w.knobs).find(k); e != nil {
			w.put("<li id=\"%s\"><a href=\"%s\" title=\"%s\">%s</a> = <code>%s</code></li>",
				k.Name, w.href(Ref{Knob, e.ID, ""}), html.EscapeString(k.Label()), k.Name,
				html.EscapeString(knobDefault(k)))
		}
	}
	w.put("</ul>\n")
}

// knobsByTask names the knobs that a stage of a method has besides on some tasks.
func (w *writer) knobsByTask(knobs []param.Knob) {
	if len(knobs) == 0 {
		return
	}
	w.put("<p>On tasks that have them:</p>\n<ul class=\"see\">")
	for _, k := range knobs {
		at := w.href(Ref{Knob, k.Name, ""})
		if _, err := lookupKnob(w.knobs, k.Name); err != nil { // each task has its own
			at = w.up + "knobs/" + Home + "#" + string(TaskKnobs)
		}
		w.put("<li id=\"%s\"><a href=\"%s\">%s</a></li>", k.Name, at, k.Name)
	}
	w.put("</ul>\n")
}

// shared introduces the knobs that all things of a kind have.
func shared(kind string) string {
	switch kind {
	case Method:
		return "A stage of a lane has these settings too, here with their defaults:"
	case Base:
		return "How it is made, with the settings that it has as shipped:"
	}
	return "An experiment on it has these settings too, here with their defaults:"
}

// knob writes a knob as it is declared in one place, where it has an anchor. A source that is the
// same as that of the article is not repeated.
func (w *writer) knob(e KnobEntry, k param.Knob, source string) {
	unit, label := "", ""
	if k.Unit != "" {
		unit = " " + html.EscapeString(k.Unit)
	}
	if e.label() != "" {
		label = " " + html.EscapeString(e.label())
	}
	w.put("<section class=\"knob\" id=\"%s\">\n<h3><code>%s</code>%s</h3>\n<p>%s</p>\n", k.Name,
		k.Name, label, w.write(k.Doc))
	w.put("<dl class=\"facts\">\n")
	w.fact("Default", "<code>"+html.EscapeString(knobDefault(k))+"</code>"+unit)
	w.fact("Accepted", html.EscapeString(prose.Capital(k.Accepts())+"."))
	w.fact("Usual", html.EscapeString(e.Values()))
	from := w.write(e.Source)
	if e.Source == source {
		from = "As above."
	}
	w.fact("Source", from)
	w.put("</dl>\n</section>\n")
}

// fact writes a short text beside its heading, which is HTML.
func (w *writer) fact(heading, text string) {
	w.put("<div><dt>%s</dt><dd>%s</dd></div>\n", heading, text)
}

// fragment returns a name as the anchor of a page has it.
func fragment(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-' || r == '.' {
			return r
		}
		return '-'
	}, name)
}
