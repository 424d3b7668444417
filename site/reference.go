package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"

	"github.com/posttrain/posttrain/core/article"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/report"
)

const (
	// referencePart is the file with what all pages of the reference have. It is a part of pages,
	// not a page itself.
	referencePart = "parts/reference.html"

	// referenceFolder is the folder of the site with the pages of the reference.
	referenceFolder = "reference/"
)

// referencePage is what a page of the reference shows.
type referencePage struct {
	article.Page
	Root       string // the address of the site, relative to the page
	Lead, Body template.HTML
	InLab      template.URL // a recipe that shows the thing in the lab; "" if there is none
	Home       bool         // it lists everything, and can be searched
}

// insertReference adds the pages of the reference to the files of the site. What studies found
// about exhibits is among the files.
func insertReference(c *recipe.Catalogue, files map[string][]byte) error {
	studied := map[string]report.Account{}
	for _, e := range c.Exhibits() {
		text, ok := files["studies/"+e.Name+".json"]
		if !ok {
			continue
		}
		var a report.Account
		if err := json.Unmarshal(text, &a); err != nil {
			return fmt.Errorf("cannot read what a study found about %s: %w", e.Name, err)
		}
		studied[e.Name] = a
	}
	t, err := template.New("reference.html").Parse(string(files[referencePart]))
	if err != nil {
		return err
	}
	delete(files, referencePart)
	library, err := article.New(c)
	if err != nil {
		return fmt.Errorf("cannot make the reference: %w", err)
	}
	pages, err := library.Pages(studied)
	if err != nil {
		return fmt.Errorf("cannot make the reference: %w", err)
	}
	for _, p := range pages {
		var out bytes.Buffer
		// lead and body are HTML that core/article has written from our own texts
		shown := referencePage{Page: p, Root: p.Up() + "../", Lead: template.HTML(p.Lead),
			Body: template.HTML(p.Body), Home: p.Path == article.Home}
		if p.Try != "" {
			shown.InLab = template.URL(shown.Root + "#" + p.Try)
		}
		if err := t.Execute(&out, shown); err != nil {
			return fmt.Errorf("cannot write %s of the reference: %w", p.Path, err)
		}
		files[referenceFolder+p.Path] = out.Bytes()
	}
	return nil
}
