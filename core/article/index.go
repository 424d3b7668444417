package article

import (
	"fmt"
	"html"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/glossary"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/signal"
)

// home returns the page that lists everything. The site adds a search to it.
func (b *builder) home() Page {
	p := Page{Path: Home, Title: "Reference", Lead: "Everything that the playground has, " +
		"explained from the same values as it runs on.", Description: "Methods, tasks, " +
		"experiments, knobs, metrics and words of the post-training playground, explained."}
	w := b.writer(p.Path)
	for _, k := range []struct{ title, kind string }{
		{"Methods", Method}, {"Tasks", Task}, {"Exhibits", Exhibit}, {"Bases", Base},
	} {
		w.section(k.title, k.kind+"s/"+Home)
		for _, r := range b.refs(k.kind) {
			w.entry(w.href(r), r.Name, r.Title, b.knobsOf(r)...)
		}
		w.put("</ul>\n</section>\n")
	}
	w.section("Knobs", "knobs/"+Home)
	for _, k := range b.l.knobs {
		if !k.Group.Alone() {
			w.entry(w.href(Ref{Knob, k.ID, ""}), k.ID, k.label())
		}
	}
	w.put("</ul>\n</section>\n")
	w.section("Metrics and costs", "metrics.html")
	for _, d := range eval.Dictionary() {
		name := strings.TrimPrefix(d.Name, "eval/LEVEL/")
		w.entry(w.href(Ref{Metric, d.Name, ""}), name, d.Title)
	}
	w.put("</ul>\n</section>\n")
	w.section("Warning signs", "signals.html")
	for _, s := range signal.All() {
		w.entry(w.href(Ref{Signal, s.Name, ""}), s.Title, "")
	}
	w.put("</ul>\n</section>\n")
	w.section("Words", "glossary.html")
	for _, e := range glossary.Entries() {
		w.entry(w.href(Ref{Term, e.Name, ""}), e.Title, strings.Join(e.Also, ", "))
	}
	w.put("</ul>\n</section>\n")
	w.section("The survey", "survey.html")
	for _, s := range Sections() {
		w.entry(w.href(Ref{Survey, s.Name, ""}), s.Heading(), "")
	}
	w.put("</ul>\n</section>\n")
	p.Body = w.b.String()
	return p
}

// section begins a part of the list of everything.
func (w *writer) section(title, at string) {
	w.put("<section>\n<h2><a href=\"%s\">%s</a></h2>\n<ul class=\"all\">\n", at, title)
}

// entry writes an entry of the list of everything. A title that is the name again is left out. The
// knobs are found by a search, and explained on the page of the entry.
func (w *writer) entry(at, name, title string, knobs ...string) {
	said := ""
	if title != "" && title != name {
		said = " " + html.EscapeString(title)
	}
	if knobs != nil {
		said += " <small>" + strings.Join(knobs, ", ") + "</small>"
	}
	w.put("<li><a href=\"%s\">%s</a>%s</li>", at, html.EscapeString(name), said)
}

// knobsOf returns the names of the knobs that only one thing has.
func (b *builder) knobsOf(r Ref) (names []string) {
	for _, k := range b.l.knobs {
		if k.Group.Alone() && k.owners()[0].Ref == r {
			names = append(names, k.Knob.Name)
		}
	}
	return names
}

// label returns the label of the knob's control, and "" if it is its name.
func (k KnobEntry) label() string {
	if k.Knob.Label() == strings.ReplaceAll(k.Knob.Name, "_", " ") {
		return ""
	}
	return k.Knob.Label()
}

// refs returns the things of a kind that have a page each.
func (b *builder) refs(kind string) (refs []Ref) {
	switch kind {
	case Method:
		for _, m := range b.l.c.Methods() {
			refs = append(refs, Ref{kind, m.Name, m.Title})
		}
	case Task:
		for _, t := range b.l.c.Tasks() {
			refs = append(refs, Ref{kind, t.Name, t.Title})
		}
	case Base:
		for _, x := range b.l.c.Bases() {
			refs = append(refs, Ref{kind, x.Name, x.Title})
		}
	case Exhibit:
		for _, e := range b.l.c.Exhibits() {
			refs = append(refs, Ref{kind, e.Name, e.Title})
		}
	}
	return refs
}

// listOf returns the list of the things of a kind, as HTML: methods by family, and failures apart
// from other exhibits.
func (b *builder) listOf(kind string) string {
	w := b.writer(kind + "s/" + Home)
	for _, g := range b.groups(kind) {
		if g.title != "" {
			w.put("<h2>%s</h2>\n", html.EscapeString(g.title))
		}
		if g.lead != "" {
			w.put("<p>%s</p>\n", w.write(g.lead))
		}
		w.put("<dl class=\"items\">\n")
		for i, r := range g.refs {
			w.put("<div><dt><a href=\"%s\">%s</a> %s</dt><dd>%s</dd></div>\n", w.href(r), r.Name,
				html.EscapeString(r.Title), w.write(g.says[i]))
		}
		w.put("</dl>\n")
	}
	return w.b.String()
}

// refGroup is a part of a list, with a sentence on each thing.
type refGroup struct {
	title, lead string
	refs        []Ref
	says        []string
}

// add adds a thing to the group.
func (g *refGroup) add(kind, name, title, says string) {
	g.refs, g.says = append(g.refs, Ref{kind, name, title}), append(g.says, firstSentence(says))
}

// groups returns the things of a kind in groups.
func (b *builder) groups(kind string) []refGroup {
	switch kind {
	case Method:
		return b.families()
	case Exhibit:
		return b.museum()
	}
	var g refGroup
	for _, t := range b.l.c.Tasks() {
		if kind == Task {
			g.add(kind, t.Name, t.Title, t.Doc)
		}
	}
	for _, x := range b.l.c.Bases() {
		if kind == Base {
			g.add(kind, x.Name, x.Title, x.Doc)
		}
	}
	return []refGroup{g}
}

// families returns the methods by family.
func (b *builder) families() (groups []refGroup) {
	for _, family := range method.Families() {
		g := refGroup{title: prose.Capital(family)}
		for _, m := range b.l.c.Methods() {
			if m.Family == family {
				g.add(Method, m.Name, m.Title, m.Doc)
			}
		}
		if g.refs != nil {
			groups = append(groups, g)
		}
	}
	return groups
}

// museum returns the exhibits, and behind them those of the failure museum.
func (b *builder) museum() []refGroup {
	groups := []refGroup{{}, {title: "Failure museum", lead: "What goes wrong, the sign by which " +
		"to recognise it, and the one knob that cures it."}}
	for _, e := range b.l.c.Exhibits() {
		g := &groups[0]
		if e.Museum {
			g = &groups[1]
		}
		g.add(Exhibit, e.Name, e.Title, e.Claim)
	}
	return groups
}

// knobPages returns the pages of the knobs that several things share, after the one that lists all
// knobs.
func (b *builder) knobPages() []Page {
	list := b.list("knobs/"+Home, "Knobs", "Every setting: what it does, what it accepts, which "+
		"values are usual, and where it comes from.")
	w := b.writer(list.Path)
	pages := []Page{list}
	for _, g := range KnobGroups() {
		title, lead := g.About()
		w.put("<section id=\"%s\">\n<h2>%s</h2>\n<p>%s</p>\n<ul class=\"all\">\n", g, title,
			w.write(lead))
		for _, k := range b.l.knobs {
			if k.Group == g {
				w.entry(w.href(Ref{Knob, k.ID, ""}), k.ID, k.label())
			}
		}
		w.put("</ul>\n</section>\n")
		if !g.Alone() {
			p := b.knobPage(g)
			p.Trail = append(list.Trail, PageLink{list.Path, "Knobs"})
			pages = append(pages, p)
		}
	}
	pages[0].Body = w.b.String()
	return pages
}

// About returns the title of a group of knobs and a sentence on it.
func (g KnobGroup) About() (title, lead string) {
	switch g {
	case ExperimentKnobs:
		return "Of an experiment", "Settings of a recipe as a whole, and what tasks share."
	case StageKnobs:
		return "Of every stage", "Settings of the trainer. Every method has those that it can use."
	case MethodsKnobs:
		return "Of several methods", "Settings that methods share. A name means the same in all " +
			"of them unless it is listed twice."
	case LabelKnobs:
		return "Of labels", "Settings of the annotator who compares answers, and of reward " +
			"models that learn from the labels."
	case BaseKnobs:
		return "Of bases", "How a base is made. Behind the name of a base in a link they make " +
			"another one, as in base=cards,dim=128."
	case TaskKnobs:
		return "Of one task", "Settings of a task's demonstrations and of its size."
	case MethodKnobs:
		return "Of one method", "Settings that one method has for itself. The dial board has " +
			"some of them too."
	}
	return "Of one exhibit", "Settings of exhibits that train no network."
}

// knobPage returns the page of the knobs of a group.
func (b *builder) knobPage(g KnobGroup) Page {
	title, lead := g.About()
	p := b.list(fmt.Sprintf("knobs/%s.html", g), "Knobs "+strings.ToLower(title[:1])+title[1:],
		lead)
	w := b.writer(p.Path)
	w.short = true
	for _, k := range b.l.knobs {
		if k.Group == g {
			w.entryOf(k)
		}
	}
	p.Body = w.b.String()
	return p
}

// entryOf writes a knob with all that has it.
func (w *writer) entryOf(k KnobEntry) {
	a := k.Article()
	title := ""
	if a.Title != "" {
		title = " " + html.EscapeString(a.Title)
	}
	w.put("<section class=\"knob\" id=\"%s\">\n<h2><code>%s</code>%s</h2>\n<p>%s</p>\n", k.ID,
		k.Knob.Name, title, w.write(k.Knob.Doc))
	a.Paragraphs = a.Paragraphs[1:]
	w.article(a)
	w.put("</section>\n")
}
