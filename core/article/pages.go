package article

import (
	"fmt"
	"path"
	"strings"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/study/report"
)

// Page is a page of the site's reference. Addresses are relative to the folder of the reference,
// those in HTML to the page.
type Page struct {
	Path           string // such as methods/grpo.html
	Title          string // what it is about
	Name           string // of the one thing that it is about, as links have it; "" for several
	Lead           string // the text that it begins with, as HTML
	Body           string // what follows, as HTML
	Description    string // the lead's first sentence, as plain text
	Try            string // a recipe that shows the thing in the lab; "" if there is none
	Trail          []PageLink
	Previous, Next PageLink // of the same kind; empty for none
}

// PageLink is a link to a page of the reference.
type PageLink struct{ Path, Text string }

// Up returns the address of the folder of the reference, relative to the page.
func (p Page) Up() string { return strings.Repeat("../", strings.Count(p.Path, "/")) }

// Home is the path of the page that all others are found from.
const Home = "index.html"

// Pages returns all pages of the reference. studied has what studies found about exhibits, by name.
func (l *Library) Pages(studied map[string]report.Account) ([]Page, error) {
	b := newBuilder(l, studied)
	pages := []Page{b.home()}
	for _, k := range []struct{ kind, title, lead string }{
		{Method, "Methods", "Every post-training method of the playground. A method decides one " +
			"number for each token: how strongly it should become more or less likely."},
		{Task, "Tasks", "Every task: prompts, demonstrations, and a verifier that tells right " +
			"answers from wrong ones."},
		{Exhibit, "Exhibits", "Every experiment that is made ready: a claim from the " +
			"literature, what speaks against it, and a recipe that puts it to the test."},
		{Base, "Bases", "Every model that lanes start from, and how it was brought up."},
	} {
		found, err := b.kind(k.kind, k.title, k.lead)
		if err != nil {
			return nil, err
		}
		pages = append(pages, found...)
	}
	pages = append(pages, b.knobPages()...)
	return append(pages, b.metrics(), b.costs(), b.signals(), b.survey(),
		b.glossary()), nil
}

// builder makes pages.
type builder struct {
	l       *Library
	terms   termIndex
	methods map[string]Ref // by name, also in capitals
	studied map[string]report.Account
}

func newBuilder(l *Library, studied map[string]report.Account) *builder {
	b := &builder{l, newTermIndex(), map[string]Ref{}, studied}
	for _, m := range l.c.Methods() {
		if !isEveryday(m.Name) {
			ref := Ref{Method, m.Name, m.Title}
			b.methods[m.Name], b.methods[strings.ToUpper(m.Name)] = ref, ref
		}
	}
	return b
}

// writer returns a writer for the page at an address, which is about some things itself.
func (b *builder) writer(at string, about ...Ref) *writer {
	up := Page{Path: at}.Up()
	met := map[Ref]bool{}
	for _, r := range about {
		met[Ref{r.Kind, r.Name, ""}] = true
	}
	href := func(r Ref) string {
		to := b.path(r)
		if fragment, ok := strings.CutPrefix(to, at+"#"); ok {
			return "#" + fragment
		}
		return up + to
	}
	return &writer{inliner: &inliner{b.terms, b.methods, href, met}, up: up, lab: up + "../",
		knobs: b.l.knobs}
}

// path returns where an article is.
func (b *builder) path(r Ref) string {
	switch r.Kind {
	case Method, Task, Exhibit, Base:
		return r.Kind + "s/" + r.Name + ".html"
	case Metric:
		return MetricPath(r.Name)
	case Signal:
		return "signals.html#" + r.Name
	case Survey:
		return "survey.html#" + fragment(r.Name)
	case Term:
		return "glossary.html#" + r.Name
	}
	k, _ := lookupKnob(b.l.knobs, r.Name)
	if k.Group.Alone() {
		return b.path(k.owners()[0].Ref) + "#" + k.Knob.Name
	}
	return "knobs/" + string(k.Group) + ".html#" + k.ID
}

// MetricPath returns where a metric is explained, by its name in the dictionary, in a run, or among
// the series of pictures.
func MetricPath(name string) string {
	if cost, ok := strings.CutPrefix(name, "cost/"); ok {
		return "costs.html#" + cost
	}
	if strings.HasPrefix(name, "eval/") {
		return "metrics.html#" + path.Base(name)
	}
	return "metrics.html#" + fragment(name)
}

// kind returns the pages of the articles of a kind, after the one that lists them.
func (b *builder) kind(kind, title, lead string) ([]Page, error) {
	folder := kind + "s/"
	list := b.list(folder+Home, title, lead)
	list.Body = b.listOf(kind)
	pages := []Page{list}
	for _, k := range b.l.Kinds() {
		if k.Name != kind {
			continue
		}
		for _, name := range k.Names {
			a, err := k.Find(name)
			if err != nil {
				return nil, err
			}
			p := b.article(kind, a)
			p.Trail = append(list.Trail, PageLink{folder + Home, title})
			pages = append(pages, p)
		}
	}
	for i := 1; i < len(pages); i++ {
		if i > 1 {
			pages[i].Previous = PageLink{pages[i-1].Path, pages[i-1].Name}
		}
		if i+1 < len(pages) {
			pages[i].Next = PageLink{pages[i+1].Path, pages[i+1].Name}
		}
	}
	return pages, nil
}

// list returns a page about several things, without its body.
func (b *builder) list(at, title, lead string) Page {
	w := b.writer(at)
	return Page{Path: at, Title: title, Lead: w.write(lead), Description: lead,
		Trail: []PageLink{{Home, "Reference"}}}
}

// article returns the page of an article.
func (b *builder) article(kind string, a Article) Page {
	at := b.path(Ref{kind, a.Name, ""})
	w := b.writer(at, Ref{kind, a.Name, ""})
	p := Page{Path: at, Title: a.Title, Name: a.Name, Try: b.try(kind, a.Name)}
	first, rest := opening(a)
	p.Lead, p.Description = w.write(first), firstSentence(first)
	a.Paragraphs = rest
	if kind == Exhibit {
		a.Paragraphs = append(a.Paragraphs, b.found(a.Name)...)
	}
	w.article(a)
	w.knobsOf(a, kind)
	if kind == Method {
		w.knobsByTask(b.byTask(a))
	}
	p.Body = w.b.String()
	return p
}

// byTask returns the knobs that a stage of a method has on some tasks alone, by name.
func (b *builder) byTask(a Article) (knobs []param.Knob) {
	m, err := b.l.c.Method(a.Name)
	if err != nil {
		return nil
	}
	have := a.allKnobs()
	for _, t := range b.l.tasks {
		for _, k := range without(b.l.laneKnobs(t, m), have) {
			have, knobs = append(have, k), append(knobs, k)
		}
	}
	return knobs
}

// opening returns the first text of an article without a heading, and the other paragraphs.
func opening(a Article) (text string, rest []Paragraph) {
	for i, p := range a.Paragraphs {
		if p.Heading == "" && !p.Code {
			return p.Text, append(a.Paragraphs[:i:i], a.Paragraphs[i+1:]...)
		}
	}
	return "", a.Paragraphs
}

// firstSentence returns the first sentence of a text, on one line.
func firstSentence(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if before, _, ok := strings.Cut(text, ". "); ok {
		return before + "."
	}
	return text
}

// try returns a recipe that shows a thing in the lab.
func (b *builder) try(kind, name string) string {
	switch kind {
	case Exhibit:
		return name
	case Task:
		return name + "?lane=sft&lane=grpo"
	case Base:
		base, _ := b.l.c.Base(name)
		return fmt.Sprintf("%s?base=%s&lane=sft&lane=grpo", base.Task.Name, name)
	}
	m, err := b.l.c.Method(name)
	if err != nil {
		return ""
	}
	r, err := study.TrialRecipe(b.l.c, m)
	if err != nil {
		return ""
	}
	return r.Task.Name + "?lane=" + name
}

// found tells what a study found about an exhibit on other bases.
func (b *builder) found(exhibit string) []Paragraph {
	a, ok := b.studied[exhibit]
	if !ok {
		return nil
	}
	const heading = "On other bases, tuned alike"
	verdicts := Paragraph{Heading: heading,
		Text: strings.TrimSpace(a.Found + " " + a.Summary + " " + a.Samples)}
	for _, v := range a.Verdicts {
		verdicts.Items = append(verdicts.Items, Item{v.Word, strings.TrimSpace(v.Claim + " " +
			v.Text)})
	}
	all := []Paragraph{verdicts}
	for _, text := range a.Doc {
		all = append(all, Paragraph{Heading: "What is compared, and why so", Text: text})
	}
	return all
}
