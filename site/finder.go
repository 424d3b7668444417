package site

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/glossary"
	"github.com/posttrain/posttrain/core/guide"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/recipe"
)

// finder is what js/finder.js shows: the exhibits and the methods, to be looked through.
type finder struct {
	Groups   []recipe.Group `json:"groups"`
	Exhibits []card         `json:"exhibits"` // in the order of the menu
	Families []string       `json:"families"`
	Methods  []methodLine   `json:"methods"` // family by family
	Takes    []take         `json:"takes"`   // what methods take, of all that there is
	// the field of the guide that a task stands for, by the name of the task
	Fields map[string]string `json:"fields"`
}

// card is an exhibit in the gallery.
type card struct {
	Name     string       `json:"name"`
	Title    string       `json:"title"`
	Group    recipe.Group `json:"group"`
	Asks     string       `json:"asks"`
	Verdict  string       `json:"verdict"`  // what its study found, in a sentence of the study
	Summary  string       `json:"summary"`  // how many claims of the study had which outcome
	Outcomes []string     `json:"outcomes"` // of each claim
	Sketch   sketch       `json:"sketch"`
	Words    string       `json:"words"` // in small letters, all that a search finds it by
}

// methodLine is a method in the list of methods.
type methodLine struct {
	Name   string   `json:"name"`
	Title  string   `json:"title"`
	Family string   `json:"family"`
	Says   string   `json:"says"`  // in a sentence
	Takes  []string `json:"takes"` // names of what it cannot train without
	Words  string   `json:"words"` // as of a card
}

// take is something that a method may need.
type take struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

// account is what the finder reads of what a study found. See report.Account.
type account struct {
	Summary  string
	Found    string
	Verdicts []struct{ Word string }
}

// methodTask is a task that every method can be trained on.
const methodTask = "cards"

// newFinder returns what the finder shows. studies has the accounts of studies by exhibit.
func newFinder(c *recipe.Catalogue, studies func(exhibit string) []byte) (finder, error) {
	f := finder{Groups: recipe.Groups(), Families: method.Families(), Takes: takes(),
		Fields: map[string]string{}}
	for _, a := range guide.Applications() {
		for _, task := range a.Tasks {
			f.Fields[task] = a.Name
		}
	}
	for _, e := range c.Exhibits() {
		made, err := cardOf(c, e, studies(e.Name))
		if err != nil {
			return f, fmt.Errorf("exhibit %s: %w", e.Name, err)
		}
		f.Exhibits = append(f.Exhibits, made)
	}
	for _, entry := range c.Menu().Methods {
		m, err := c.Method(entry.Name)
		if err != nil {
			return f, err
		}
		line, err := lineOf(c, m)
		if err != nil {
			return f, err
		}
		f.Methods = append(f.Methods, line)
	}
	return f, nil
}

func cardOf(c *recipe.Catalogue, e recipe.Exhibit, study []byte) (card, error) {
	r, err := c.Parse(e.Name)
	if err != nil {
		return card{}, err
	}
	var a account
	if err := json.Unmarshal(study, &a); err != nil {
		return card{}, fmt.Errorf("what its study found: %w", err)
	}
	made := card{Name: e.Name, Title: e.Title, Group: e.Group, Asks: e.Asks,
		Verdict: finding(a.Found), Summary: a.Summary}
	for _, v := range a.Verdicts {
		made.Outcomes = append(made.Outcomes, v.Word)
	}
	words := []string{e.Name, e.Title, string(e.Group), e.Asks, e.Question, e.Claim, e.Cite, e.Doc,
		e.Why, made.Verdict, r.Task.Name, r.Task.Title}
	for _, name := range r.LaneNames() {
		words = append(words, name)
	}
	for _, lane := range r.Lanes {
		for _, stage := range lane {
			words = append(words, stage.Method.Name, stage.Method.Title)
		}
	}
	made.Words = sought(words)
	made.Sketch, err = sketchOf(r, e)
	return made, err
}

// finding returns the first sentence of what a study found. What follows a colon gives the numbers,
// and is left out.
func finding(found string) string {
	end := -1
	for _, at := range sentenceEnd.FindAllStringIndex(found, -1) {
		if !strings.HasSuffix(found[:at[0]], " al") { // as in et al.
			end = at[0]
			break
		}
	}
	if end < 0 {
		return found
	}
	said, _, _ := strings.Cut(found[:end], ": ")
	return said + "."
}

// sentenceEnd matches the full stop of a sentence.
var sentenceEnd = regexp.MustCompile(`\.(\s|$)`)

// sought returns texts as a search looks through them. Terms of the glossary in them are followed
// by other words for the same.
func sought(texts []string) string {
	all := strings.ToLower(strings.Join(strings.Fields(strings.Join(texts, " ")), " "))
	said := all
	for _, entry := range glossary.Entries() {
		forms := append([]string{entry.Title}, entry.Forms...)
		if slices.ContainsFunc(forms, func(form string) bool {
			return strings.Contains(all, strings.ToLower(form))
		}) {
			said += " " + strings.ToLower(strings.Join(append(forms, entry.Also...), " "))
		}
	}
	return said
}

func lineOf(c *recipe.Catalogue, m method.Method) (methodLine, error) {
	r, err := c.Parse(methodTask + "?lane=" + m.Name)
	if err != nil {
		return methodLine{}, err
	}
	line := methodLine{Name: m.Name, Title: m.Title, Family: m.Family,
		Says: strings.TrimSpace(firstSentence.FindString(m.Doc))}
	line.Says = strings.Join(strings.Fields(line.Says), " ")
	words := []string{m.Name, m.Title, m.Family, m.Doc, m.Cite}
	for _, input := range r.Lanes[0].Inputs() {
		name := string(input)
		if input == guide.OwnDemos || input == guide.ForeignDemos {
			name = string(guide.OtherDemos) // in which style is a setting
		}
		line.Takes = append(line.Takes, name)
	}
	for _, t := range takes() {
		if slices.Contains(line.Takes, t.Name) {
			words = append(words, t.Title)
		}
	}
	line.Words = sought(words)
	return line, nil
}

// takes returns what methods may need, as the guide calls it.
func takes() (all []take) {
	for _, h := range guide.Haves() {
		switch guide.Input(h.Name) {
		case guide.OtherDemos, guide.OldDemos, guide.Verifier, guide.Labels, guide.RewardModel,
			guide.Teacher:
			all = append(all, take{h.Name, prose.Capital(strings.TrimPrefix(h.Title, "a "))})
		}
	}
	return all
}
