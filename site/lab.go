package site

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"
	"strings"

	"github.com/posttrain/posttrain/core/article"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/wasm/stage/scene"
	"github.com/posttrain/posttrain/wasm/staging"
)

// labPart is the file with the elements of the lab. It is a part of pages, not a page itself.
const labPart = "parts/lab.html"

// unloaded is the script of the lab's pages that says why modules could not be loaded.
const unloaded = "unloaded.js"

// opening is what the lab shows of its first recipe before scripts have run. Scripts write the same
// text.
type opening struct {
	inLanguage
	Kicker, Title, Lead, Question string
	Guesses                       []string
	Scenes                        []string // the titles of the pictures; the first one is shown
	Series, Axis                  string   // what the first picture draws, and against what
	Caption                       string
	Measured                      string // where the reference explains what the picture draws

	// The ways to other exhibits, which a page for frames does not have.

	Following *recipe.MenuEntry // the second exhibit; nil for no ways
	Exhibits  int               // how many there are
	Sketch    *sketch           // of the first one
}

// insertLab inserts the elements of the lab into the pages that have one, in every language. In the
// main page they show the first recipe; in the page for frames and in that of lessons they are
// empty, since the address has the recipe or the lesson. The pages tell the browser to load their
// modules at once, with the imports of these according to made.
func insertLab(c *recipe.Catalogue, files map[string][]byte, made imports, all []language) error {
	main, framed, part := files["index.html"], files["embed.html"], files[labPart]
	taught := files["lesson.html"]
	for _, l := range all {
		first, err := firstOpening(c, inLanguage{l, all})
		if err != nil {
			return err
		}
		for _, p := range []struct {
			name   string
			source []byte
			shown  opening
		}{
			{"index.html", main, first},
			{"embed.html", framed, opening{inLanguage: inLanguage{l, nil}}},
			{"lesson.html", taught, opening{inLanguage: inLanguage{l, nil}}},
		} {
			page, err := withLab(p.source, part, p.shown, made)
			if err != nil {
				return fmt.Errorf("cannot put %s into %s: %w", labPart, p.name, err)
			}
			files[l.folder()+p.name] = page
		}
	}
	delete(files, labPart)
	return nil
}

// withLab returns a page with the elements of the lab.
func withLab(page, part []byte, shown opening, made imports) ([]byte, error) {
	l := shown.Language
	modules := func(names ...string) []string {
		for i, name := range names {
			names[i] = l.module(name)
		}
		return made.closure(names...)
	}
	t, err := template.New("page").Funcs(template.FuncMap{"points": points, "dot": dot,
		"text": l.say, "modules": modules}).Parse(string(page))
	if err != nil {
		return nil, err
	}
	if _, err := t.New("lab.html").Parse(string(part)); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, "page", shown); err != nil {
		return nil, err
	}
	return indentation.ReplaceAll(out.Bytes(), []byte("\n")), nil
}

// indentation matches the end of a line with what the next one is indented by, which no visitor of
// the page needs.
var indentation = regexp.MustCompile(`\n[ \t]+`)

// firstSentence matches the first sentence of a text, as firstSentence of js/format.js does.
var firstSentence = regexp.MustCompile(`(?s)^.*?[.?!](\s|$)`)

// firstOpening returns the opening of the page's first recipe, which is the first exhibit.
func firstOpening(c *recipe.Catalogue, in inLanguage) (opening, error) {
	r, err := c.Parse(firstRecipe)
	if err != nil {
		return opening{}, err
	}
	d := staging.Describe(r)
	kicker, err := in.Language.say("lab", "exhibit", "number", 1)
	if err != nil {
		return opening{}, err
	}
	noDifference, err := in.Language.say("lab", "noDifference")
	if err != nil {
		return opening{}, err
	}
	o := opening{
		inLanguage: in, Kicker: kicker, Title: d.Exhibit.Title, Question: d.Exhibit.Question,
		Lead: strings.TrimSpace(firstSentence.FindString(d.Exhibit.Doc)),
		Axis: scene.Axes()[0].Unit,
	}
	for _, l := range d.Lanes {
		o.Guesses = append(o.Guesses, l.Name)
	}
	o.Guesses = append(o.Guesses, noDifference)
	for _, name := range d.Scenes {
		s, err := scene.Lookup(name)
		if err != nil {
			return opening{}, err
		}
		if o.Scenes = append(o.Scenes, s.Title); len(o.Scenes) == 1 {
			o.Caption = s.Doc
		}
	}
	menu := c.Menu()
	o.Following, o.Exhibits = &menu.Exhibits[1], len(menu.Exhibits)
	small, err := sketchOf(r, *d.Exhibit)
	if err != nil {
		return opening{}, err
	}
	o.Sketch = &small
	drawn := staging.Of(r).Series[0]
	o.Series = drawn.Title
	o.Measured = referenceFolder + article.MetricPath(drawn.Name)
	o.Caption += " " + prose.Capital(drawn.Title) + ": " + drawn.Doc
	return o, nil
}
