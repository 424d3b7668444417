package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"strings"

	"github.com/posttrain/posttrain/core/guide"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/studies"
)

// questions has examples for the page of the guide, as its address has them.
var questions = []guide.Asked{
	{Have: "demos=200,verifier", Need: "ood,retain", Budget: "2e12flops"},
	{Have: "labels=1000", Need: "id,retain"},
	{Application: "maths"}, {Application: "code"}, {Application: "safety"}, {Application: "taste"},
}

// question is an example as a link.
type question struct {
	Address         template.URL
	Title, Sentence string
}

// guidePage fills the page of the guide with the words of core/guide, and in a language with the
// others.
func guidePage(page []byte, l language, all []language) ([]byte, error) {
	functions := template.FuncMap{"capital": prose.Capital, "text": l.say, "join": strings.Join}
	t, err := template.New("guide.html").Funcs(functions).Parse(string(page))
	if err != nil {
		return nil, err
	}
	var examples []question
	for _, q := range questions {
		s, err := q.Parse()
		if err != nil {
			return nil, fmt.Errorf("an example of the guide: %w", err)
		}
		field, _ := s.Field()
		examples = append(examples, question{template.URL("guide.html?" + query(q)),
			prose.Capital(field.Title), s.Sentence()})
	}
	var out bytes.Buffer
	err = t.Execute(&out, struct {
		inLanguage
		Haves        []guide.Have
		Needs        []guide.Need
		Units        []guide.Unit
		Applications []guide.Application
		Target       float64
		Examples     []question
	}{inLanguage{l, all}, guide.Haves(), guide.Needs(), guide.Units(), guide.Applications(),
		guide.Target, examples})
	return out.Bytes(), err
}

// query writes a question as the address of the page has it.
func query(a guide.Asked) string {
	var parts []string
	for _, p := range [][2]string{{"have", a.Have}, {"need", a.Need}, {"budget", a.Budget},
		{"application", a.Application}} {
		if p[1] != "" {
			parts = append(parts, p[0]+"="+p[1])
		}
	}
	return strings.Join(parts, "&")
}

// guideData returns what the guide answers from, as JSON.
func guideData(c *recipe.Catalogue) ([]byte, error) {
	all, err := studies.Evidence()
	if err != nil {
		return nil, err
	}
	return json.Marshal(guide.Data{Studies: all, Exhibits: c.ExhibitsByTask()})
}
