package site

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"
	"strings"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/wasm/stage/scene"
	"github.com/posttrain/posttrain/wasm/staging"
)

// labPart is the file with the places of the lab. It is part of pages and no page itself.
const labPart = "parts/lab.html"

// opening is what the lab shows of its first recipe before any script has run. The scripts write the same text.
type opening struct {
	Kicker, Title, Lead, Question string
	Guesses                       []string
	Scenes                        []string // the titles of the pictures; the first one is shown
	Series, Axis                  string   // what the first picture draws, and against what
	Caption                       string
}

// insertLab puts the places of the lab into the pages that have one: with the first recipe into the
// page that opens with it, and empty into the page for frames, which learns its recipe from its
// address. The pages have the browser load their modules at once, with what these import by made.
func insertLab(c *recipe.Catalogue, files map[string][]byte, made imports) error {
	first, err := firstOpening(c)
	if err != nil {
		return err
	}
	functions := template.FuncMap{"modules": made.closure}
	for name, data := range map[string]opening{"index.html": first, "embed.html": {}} {
		t, err := template.New(name).Funcs(functions).Parse(string(files[name]))
		if err == nil {
			_, err = t.New("lab.html").Parse(string(files[labPart]))
		}
		var out bytes.Buffer
		if err == nil {
			err = t.ExecuteTemplate(&out, name, data)
		}
		if err != nil {
			return fmt.Errorf("cannot put %s into %s: %w", labPart, name, err)
		}
		files[name] = out.Bytes()
	}
	delete(files, labPart)
	return nil
}

// firstSentence matches the first sentence of a text, as firstSentence of js/format.js does.
var firstSentence = regexp.MustCompile(`(?s)^.*?[.?!](\s|$)`)

// firstOpening returns the opening of the page's first recipe, which is the first exhibit.
func firstOpening(c *recipe.Catalogue) (opening, error) {
	r, err := c.Parse(firstRecipe)
	if err != nil {
		return opening{}, err
	}
	d := staging.Describe(r)
	o := opening{
		Kicker: "Exhibit 1", Title: d.Exhibit.Title, Question: d.Exhibit.Question,
		Lead: strings.TrimSpace(firstSentence.FindString(d.Exhibit.Doc)), Axis: scene.Axes()[0].Unit,
	}
	for _, l := range d.Lanes {
		o.Guesses = append(o.Guesses, l.Name)
	}
	o.Guesses = append(o.Guesses, "no difference")
	for _, name := range d.Scenes {
		s, err := scene.Lookup(name)
		if err != nil {
			return opening{}, err
		}
		if o.Scenes = append(o.Scenes, s.Title); len(o.Scenes) == 1 {
			o.Caption = s.Doc
		}
	}
	drawn := staging.Of(r).Series[0]
	o.Series = drawn.Title
	o.Caption += " " + strings.ToUpper(drawn.Title[:1]) + drawn.Title[1:] + ": " + drawn.Doc
	return o, nil
}
