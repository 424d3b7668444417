package site

import (
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

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/recipe"
)

// references returns the pages of the reference of a site, and its other files, by their names.
func references(t *testing.T) map[string]string {
	t.Helper()
	files, err := collect(t.Context(), small(t), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for name, text := range files {
		found[name] = string(text)
	}
	return found
}

var (
	addresses = regexp.MustCompile(`<[a-z]+ [^>]*?\b(?:href|src)="([^"]*)"`)
	// elements that have no end in HTML
	void     = regexp.MustCompile(`<((?:meta|link|input)\b[^>]*)>`)
	anchored = regexp.MustCompile(` id="([^"]+)"`)
)

// target returns the file that an address on a page leads to, and the anchor in it.
func target(page, address string) (name, anchor string) {
	address, anchor, _ = strings.Cut(address, "#")
	address, _, _ = strings.Cut(address, "?")
	if address == "" {
		return page, anchor
	}
	name = path.Join(path.Dir(page), address)
	if address == "." || strings.HasSuffix(address, "/") {
		name = path.Join(name, "index.html")
	}
	return name, anchor
}

// No page of the site has a link to a file or an anchor that is not there, wherever the site is
// put.
func TestNoLinkIsBroken(t *testing.T) {
	files := references(t)
	count := 0
	for name, text := range files {
		if path.Ext(name) != ".html" {
			continue
		}
		for _, m := range addresses.FindAllStringSubmatch(text, -1) {
			address := m[1]
			if strings.Contains(address, ":") && !strings.Contains(address, "#") {
				continue // of another site, in a text or as the source of a paper
			}
			to, anchor := target(name, address)
			body, ok := files[to]
			isLab := path.Base(to) == "index.html" || path.Base(to) == "embed.html"
			isRecipe := isLab && !strings.HasPrefix(to, referenceFolder)
			isLesson := to == "lesson.html" && slices.Contains(lesson.Names(), anchor)
			switch {
			case strings.HasPrefix(address, "/"):
				t.Errorf("%s leads to %s, which is not relative", name, address)
			case !ok:
				t.Errorf("%s leads to %s, and there is no %s", name, address, to)
			case anchor != "" && !isRecipe && !isLesson && !slices.ContainsFunc(
				anchored.FindAllStringSubmatch(body, -1),
				func(m []string) bool { return m[1] == anchor }):
				t.Errorf("%s leads to %s, and there is no such anchor", name, address)
			}
			count++
		}
	}
	if count < 3000 {
		t.Errorf("only %d links were found", count)
	}
}

// Each page of the reference is small, well-formed, and without scripts and styles of its own,
// which the site's policy forbids. All but one do without scripts.
func TestPagesOfTheReference(t *testing.T) {
	count := 0
	for name, text := range references(t) {
		if !strings.HasPrefix(name, referenceFolder) {
			continue
		}
		count++
		if len(text) > 38_000 {
			t.Errorf("%s has %d bytes, at most 38,000", name, len(text))
		}
		d := xml.NewDecoder(strings.NewReader(void.ReplaceAllString(text, "<$1/>")))
		d.Entity = xml.HTMLEntity
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
		}
		if scripts := strings.Count(text, "<script"); scripts > 1 || scripts == 1 && name !=
			referenceFolder+"index.html" {
			t.Errorf("%s has %d scripts", name, scripts)
		}
		if strings.Contains(text, "style=\"") || strings.Contains(text, "<style") {
			t.Errorf("%s has styles of its own", name)
		}
		for _, want := range []string{"<h1>", "<title>", `<meta name="description" content="`} {
			if !strings.Contains(text, want) {
				t.Errorf("%s has no %s", name, want)
			}
		}
	}
	c := recipe.Standard()
	want := len(c.Methods()) + len(c.Tasks()) + len(c.Exhibits()) + len(c.Bases())
	if count < want {
		t.Errorf("there are %d pages, want at least %d", count, want)
	}
}

// The pages of exhibits tell what studies found.
func TestExhibitsTellWhatStudiesFound(t *testing.T) {
	page := references(t)["reference/exhibits/memorise.html"]
	for _, want := range []string{"On other bases, tuned alike", "What is compared, and why so",
		`href="../../#memorise">Try it in the lab`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of memorise does not have %q", want)
		}
	}
}

// The reference has the colours of the lab, by day and by night.
func TestColoursOfTheReference(t *testing.T) {
	variables := regexp.MustCompile(`(--\w+): ([^;]+);`)
	read := func(name string) (all []string) {
		text, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			t.Fatal(err)
		}
		before, _, _ := strings.Cut(string(text), "* { box-sizing")
		for _, m := range variables.FindAllStringSubmatch(before, -1) {
			all = append(all, m[1]+": "+m[2])
		}
		return all
	}
	lab, have := read("css/lab.css"), read("css/reference.css")
	for _, v := range have {
		if !slices.Contains(lab, v) {
			t.Errorf("the reference has %s, which is not in the lab", v)
		}
	}
	if len(have) < 11 {
		t.Errorf("only %d variables were found", len(have))
	}
}
