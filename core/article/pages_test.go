package article

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/glossary"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/report"
)

// library returns the library of the standard catalogue.
func library(t *testing.T) *Library {
	t.Helper()
	l, err := New(recipe.Standard())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// pages returns all pages, with what studies found.
func pages(t *testing.T) []Page {
	t.Helper()
	c, studied := recipe.Standard(), map[string]report.Account{}
	for _, e := range c.Exhibits() {
		text, err := os.ReadFile(filepath.Join("..", "..", "studies", "exhibits", e.Name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var a report.Account
		if err := json.Unmarshal(text, &a); err != nil {
			t.Fatal(err)
		}
		studied[e.Name] = a
	}
	all, err := library(t).Pages(studied)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// page returns one of the pages.
func page(t *testing.T, at string) Page {
	t.Helper()
	all := pages(t)
	i := slices.IndexFunc(all, func(p Page) bool { return p.Path == at })
	if i < 0 {
		t.Fatalf("there is no page %s", at)
	}
	return all[i]
}

var anchors = regexp.MustCompile(` id="([^"]+)"`)

// idsOf returns the anchors of each page.
func idsOf(t *testing.T, all []Page) map[string][]string {
	t.Helper()
	ids := map[string][]string{}
	for _, p := range all {
		if ids[p.Path] != nil {
			t.Errorf("there are two pages %s", p.Path)
		}
		ids[p.Path] = []string{""}
		for _, m := range anchors.FindAllStringSubmatch(p.Body, -1) {
			if slices.Contains(ids[p.Path], m[1]) {
				t.Errorf("%s has two anchors %s", p.Path, m[1])
			}
			ids[p.Path] = append(ids[p.Path], m[1])
		}
	}
	return ids
}

// Every method, task, exhibit, base, metric, cost, knob, term and section of the survey has its
// place, and the page that lists everything leads there.
func TestEverythingHasItsPlace(t *testing.T) {
	all := pages(t)
	ids, b := idsOf(t, all), newBuilder(library(t), nil)
	var refs []Ref
	for _, k := range library(t).Kinds() {
		if len(k.Names) == 0 {
			t.Errorf("there is no %s", k.Name)
		}
		for _, name := range k.Names {
			refs = append(refs, Ref{Kind: k.Name, Name: name})
		}
	}
	for _, r := range refs {
		at, anchor, _ := strings.Cut(b.path(r), "#")
		if !slices.Contains(ids[at], anchor) {
			t.Errorf("%s %s has no place at %s", r.Kind, r.Name, b.path(r))
		}
		if k, _ := lookupKnob(b.l.knobs, r.Name); r.Kind == Knob && k.Group.Alone() {
			at, anchor = b.path(k.owners()[0].Ref), ""
		}
		if anchor != "" {
			at += "#" + anchor
		}
		if !strings.Contains(all[0].Body, `href="`+at+`"`) {
			t.Errorf("the list of everything does not lead to %s %s", r.Kind, r.Name)
		}
	}
	for _, d := range eval.Dictionary() { // as the lab links them
		name := strings.Replace(d.Name, "LEVEL", "id", 1)
		if MetricPath(name) != MetricPath(d.Name) {
			t.Errorf("%s is at %s, and as %s at %s", d.Name, MetricPath(d.Name), name,
				MetricPath(name))
		}
	}
}

// The lab links each setting on the page of its method, task or base.
func TestKnobsHaveAnchorsWhereTheLabLooks(t *testing.T) {
	c, library := recipe.Standard(), library(t)
	ids := idsOf(t, pages(t))
	check := func(at string, knobs []param.Knob) {
		for _, k := range knobs {
			if !slices.Contains(ids[at], k.Name) {
				t.Errorf("%s has no anchor for the knob %s", at, k.Name)
			}
		}
	}
	for _, task := range c.Tasks() {
		check("tasks/"+task.Name+".html", slices.Concat(c.Knobs(task), task.Sizes))
		for _, m := range c.Methods() {
			check("methods/"+m.Name+".html", library.laneKnobs(task, m))
		}
	}
	for _, b := range c.Bases() {
		check("bases/"+b.Name+".html", b.Values().Knobs())
	}
}

var links = regexp.MustCompile(` href="([^"]+)"`)

// No link between pages is broken.
func TestLinksBetweenPages(t *testing.T) {
	all := pages(t)
	ids := idsOf(t, all)
	for _, p := range all {
		for _, l := range append(p.Trail, p.Previous, p.Next) {
			if l.Path != "" && ids[l.Path] == nil {
				t.Errorf("%s leads to %s", p.Path, l.Path)
			}
		}
		for _, m := range links.FindAllStringSubmatch(p.Lead+p.Body, -1) {
			address, anchor, _ := strings.Cut(m[1], "#")
			if strings.HasPrefix(address, "https://") || address == p.Up()+"../" {
				continue // a paper, or the lab
			}
			to := p.Path
			if address != "" {
				to = path.Join(path.Dir(p.Path), address)
			}
			if !slices.Contains(ids[to], anchor) {
				t.Errorf("%s leads to %s, which does not exist", p.Path, m[1])
			}
		}
	}
}

// Every recipe that a page opens in the lab can be read.
func TestRecipesOfPages(t *testing.T) {
	c := recipe.Standard()
	inLab := regexp.MustCompile(` href="(?:\.\./)+#([^"]+)"`)
	count := 0
	for _, p := range pages(t) {
		recipes := []string{}
		if p.Try != "" {
			recipes = append(recipes, p.Try)
		}
		for _, m := range inLab.FindAllStringSubmatch(p.Body, -1) {
			recipes = append(recipes, strings.ReplaceAll(strings.ReplaceAll(m[1], "&amp;", "&"),
				"&#39;", "'"))
		}
		for _, link := range recipes {
			count++
			if _, err := c.Parse(link); err != nil {
				t.Errorf("%s opens %q: %v", p.Path, link, err)
			}
		}
		if p.Name != "" && p.Try == "" {
			t.Errorf("%s does not say how to try it", p.Path)
		}
	}
	if want := len(c.Methods()) + len(c.Tasks()) + len(c.Exhibits()); count < want {
		t.Errorf("%d recipes, want at least %d", count, want)
	}
}

// phrases has the elements that may be within a paragraph, a heading or a term.
var phrases = []string{"a", "code", "var", "sub", "sup", "span", "em", "b"}

// The HTML is well-formed, and no paragraph, heading or term has a block in it. No page is large.
func TestPagesAreSound(t *testing.T) {
	for _, p := range pages(t) {
		d := xml.NewDecoder(strings.NewReader("<div><p>" + p.Lead + "</p>" + p.Body + "</div>"))
		d.Entity = xml.HTMLEntity
		var open []string
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Errorf("%s: %v", p.Path, err)
				break
			}
			switch e := token.(type) {
			case xml.StartElement:
				name := e.Name.Local
				if len(open) > 0 && slices.Contains([]string{"p", "h2", "h3", "dt"},
					open[len(open)-1]) && !slices.Contains(phrases, name) {
					t.Errorf("%s: a %s within a %s", p.Path, name, open[len(open)-1])
				}
				open = append(open, name)
			case xml.EndElement:
				open = open[:len(open)-1]
			}
		}
		if size := len(p.Lead) + len(p.Body); size > 36_000 { // dials has the most settings
			t.Errorf("%s has %d bytes, at most 36,000", p.Path, size)
		}
		if p.Lead == "" || p.Title == "" || p.Description == "" {
			t.Errorf("%s: the lead is %q, the title %q, the description %q", p.Path, p.Lead,
				p.Title, p.Description)
		}
	}
}

// The page of a method has its knobs with the defaults that they have, and its formula, source and
// measurements.
func TestMethodPagesSayWhatMethodsAre(t *testing.T) {
	all := pages(t)
	for _, m := range recipe.Standard().Methods() {
		i := slices.IndexFunc(all, func(p Page) bool { return p.Path == "methods/"+m.Name+".html" })
		p := all[i]
		for _, k := range m.Knobs {
			_, section, ok := strings.Cut(p.Body, `id="`+k.Name+`">`)
			section, _, _ = strings.Cut(section, "</section>")
			for _, want := range []string{
				"<dt>Default</dt><dd><code>" + knobDefault(k) + "</code>", "<dt>Accepted</dt>",
				"<dt>Usual</dt>", "<dt>Source</dt>",
			} {
				if !ok || !strings.Contains(section, want) {
					t.Errorf("%s: the knob %s does not have %s", m.Name, k.Name, want)
				}
			}
		}
		for _, want := range []string{"<h2 id=\"on-maximises\">Maximises</h2>",
			"<dt>Needs</dt>", "<h2 id=\"on-source\">Source</h2>",
			"<h2 id=\"on-symbols\">Symbols</h2>",
			"<h2 id=\"on-related-methods\">Related methods</h2>", ">" + m.Name + "<"} {
			if !strings.Contains(p.Body+">"+p.Name+"<", want) {
				t.Errorf("the page of %s does not have %s", m.Name, want)
			}
		}
	}
}

// A page links a term where it names it first, and not itself.
func TestTermsAreLinkedOnce(t *testing.T) {
	p := page(t, "methods/grpo.html")
	for _, term := range []string{"advantage", "verifier", "critic", "reference_model"} {
		if n := strings.Count(p.Lead+p.Body, `href="../glossary.html#`+term+`"`); n != 1 {
			t.Errorf("grpo has %d links to the term %s", n, term)
		}
	}
	words := page(t, "glossary.html")
	for _, e := range glossary.Entries() {
		_, entry, _ := strings.Cut(words.Body, `<div id="`+e.Name+`">`)
		entry, _, _ = strings.Cut(entry, "</div>")
		if strings.Contains(entry, `href="#`+e.Name+`"`) {
			t.Errorf("the entry of %s leads to itself", e.Name)
		}
	}
}

// Neighbours of a kind follow each other.
func TestPagesFollowEachOther(t *testing.T) {
	all := pages(t)
	for i, p := range all {
		if p.Next.Path != "" && (all[i+1].Path != p.Next.Path || all[i+1].Previous.Path != p.Path) {
			t.Errorf("%s is followed by %s, which is preceded by %s", p.Path, p.Next.Path,
				all[i+1].Previous.Path)
		}
		if want := strings.Count(p.Path, "/"); strings.Count(p.Up(), "../") != want {
			t.Errorf("%s is %q below the folder of the reference", p.Path, p.Up())
		}
	}
}
