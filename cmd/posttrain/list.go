package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/article"
	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

type listCommand struct {
	Kind string `arg:"" optional:"" help:"tasks, methods, bases, exhibits or metrics; all of them by default."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// entry is one line of a list.
type entry struct{ name, title string }

type listing struct {
	kind    string
	entries []entry
	json    any // an array
}

func (c *listCommand) Run(env *environment) error {
	all, err := listings(env.catalogue)
	if err != nil {
		return err
	}
	chosen, kinds := all, []string(nil)
	for i, l := range all {
		kinds = append(kinds, l.kind)
		if l.kind == c.Kind {
			chosen = all[i : i+1]
		}
	}
	if c.Kind != "" && chosen[0].kind != c.Kind {
		return usage(param.Unknown("kind", c.Kind, kinds))
	}
	switch {
	case c.JSON && c.Kind != "":
		return env.out.json(chosen[0].json)
	case c.JSON:
		byKind := map[string]any{}
		for _, l := range all {
			byKind[l.kind] = l.json
		}
		return env.out.json(byKind)
	}
	w := newTable(env.out)
	for i, l := range chosen {
		if c.Kind == "" {
			fmt.Fprintf(w, "%s%s\n", strings.Repeat("\n", min(i, 1)), l.kind)
		}
		for _, e := range l.entries {
			row(w, "  "+e.name, e.title)
		}
	}
	return w.Flush()
}

func listings(c *recipe.Catalogue) ([]listing, error) {
	bases, err := listBases(c)
	exhibits, wrong := listExhibits(c)
	return []listing{listTasks(c), listMethods(c), bases, exhibits, listMetrics()}, errors.Join(err,
		wrong)
}

func listTasks(c *recipe.Catalogue) listing {
	type taskJSON struct {
		Name        string       `json:"name"`
		Title       string       `json:"title"`
		Cite        string       `json:"cite"`
		Doc         string       `json:"doc"`
		Alphabet    string       `json:"alphabet"`
		Words       []string     `json:"words,omitempty"`
		MaxResponse int          `json:"max_response"`
		Prompts     int          `json:"prompts"`
		Levels      []task.Level `json:"levels"`
		Knobs       []param.Knob `json:"knobs"`
		Example     task.Example `json:"example"`
		Sizes       []param.Knob `json:"sizes"`
	}
	l, all := listing{kind: "tasks"}, []taskJSON{}
	for _, t := range c.Tasks() {
		l.entries = append(l.entries, entry{t.Name, t.Title})
		all = append(all, taskJSON{t.Name, t.Title, t.Cite, t.Doc, t.Alphabet, t.Words,
			t.MaxResponse, t.Prompts, t.Levels, append([]param.Knob{}, t.Knobs...), t.Example,
			append([]param.Knob{}, t.Sizes...)})
	}
	l.json = all
	return l
}

func listMethods(c *recipe.Catalogue) listing {
	type methodJSON struct {
		Name       string       `json:"name"`
		Title      string       `json:"title"`
		Family     string       `json:"family"`
		Cite       string       `json:"cite"`
		Formula    string       `json:"formula"`
		Doc        string       `json:"doc"`
		Deviations string       `json:"deviations"`
		Unverified string       `json:"unverified"`
		Knobs      []param.Knob `json:"knobs"`
	}
	l, all := listing{kind: "methods"}, []methodJSON{}
	for _, m := range c.Methods() {
		title := m.Title
		if m.Unverified != "" {
			title += " (unverified: " + m.Unverified + ")"
		}
		l.entries = append(l.entries, entry{m.Name, title})
		all = append(all, methodJSON{m.Name, m.Title, m.Family, m.Cite, m.Formula, m.Doc,
			m.Deviations, m.Unverified, train.MethodKnobs(m)})
	}
	l.json = all
	return l
}

func listBases(c *recipe.Catalogue) (listing, error) {
	type baseJSON struct {
		Name     string       `json:"name"`
		Title    string       `json:"title"`
		Doc      string       `json:"doc"`
		Task     string       `json:"task"`
		Model    model.Config `json:"model"`
		Weights  int          `json:"weights"`
		Digest   string       `json:"digest"`
		Computed bool         `json:"computed"` // it has no file and is computed when it is loaded
		Knobs    []param.Knob `json:"knobs"`
	}
	l, all := listing{kind: "bases"}, []baseJSON{}
	for _, b := range c.Bases() {
		params, err := c.LoadBase(b.Name)
		if err != nil {
			return l, err
		}
		l.entries = append(l.entries, entry{b.Name, b.Title})
		all = append(all, baseJSON{b.Name, b.Title, b.Doc, b.Task.Name, params.Config,
			len(params.Data), params.Digest(), b.Computed, b.Values().Knobs()})
	}
	l.json = all
	return l, nil
}

func listExhibits(c *recipe.Catalogue) (listing, error) {
	type exhibitJSON struct {
		recipe.Exhibit
		Next []recipe.Suggestion `json:"next"`
	}
	l, all := listing{kind: "exhibits"}, []exhibitJSON{}
	for _, e := range c.Exhibits() {
		next, err := c.Suggestions(e, 1)
		if err != nil {
			return l, err
		}
		all = append(all, exhibitJSON{e, next})
		title := e.Title
		if e.Museum {
			title = "Failure museum: " + title
		}
		l.entries = append(l.entries, entry{e.Name, title})
	}
	l.json = all
	return l, nil
}

func listMetrics() listing {
	l := listing{kind: "metrics", json: eval.Dictionary()}
	for _, d := range eval.Dictionary() {
		unit := ""
		if d.Unit != "" {
			unit = " (" + d.Unit + ")"
		}
		l.entries = append(l.entries, entry{d.Name, d.Doc + unit})
	}
	return l
}

type explainCommand struct {
	Thing string `arg:"" help:"KIND/NAME: method/grpo, task/cards, base/cards, exhibit/memorise, metric/eval/id/accuracy, knob/lr, survey/4.2, term/nats, or a lane such as lane/dials,advantage=mean."`
}

func (c *explainCommand) Run(env *environment) error {
	kind, name, _ := strings.Cut(c.Thing, "/")
	library, err := article.New(env.catalogue)
	if err != nil {
		return err
	}
	if kind == "lane" && name != "" {
		a, err := library.OfLane(name)
		if err != nil {
			return usage(err)
		}
		_, err = fmt.Fprint(env.out, a.Text())
		return err
	}
	var kinds, things []string
	for _, k := range library.Kinds() {
		if k.Name == kind && name != "" {
			a, err := k.Find(name)
			if err != nil {
				return usage(err)
			}
			_, err = fmt.Fprint(env.out, a.Text())
			return err
		}
		kinds = append(kinds, k.Name+"/NAME")
		for _, n := range k.Names {
			things = append(things, k.Name+"/"+n)
		}
	}
	suggestion := ""
	if meant := c.meant(things); meant != "" {
		suggestion = "did you mean " + meant + "? "
	}
	return usage(fmt.Errorf("cannot explain %s: %saccepted: %s, with the names of posttrain list",
		param.Quote(c.Thing), suggestion, strings.Join(append(kinds, "lane/LANE"), ", ")))
}

// meant returns which of the things with their kinds is meant by one that is none of them, and ""
// if none is near.
func (c *explainCommand) meant(things []string) string {
	if _, err := article.LookupMetric(c.Thing); err == nil { // with a level's name in it
		return "metric/" + c.Thing
	}
	for _, thing := range things { // a bare name, or a kind alone
		if strings.HasSuffix(thing, "/"+c.Thing) || strings.HasPrefix(thing, c.Thing+"/") {
			return thing
		}
	}
	if near := param.Near(c.Thing, things); near != "" {
		return near
	}
	var bare []string
	for _, thing := range things {
		_, name, _ := strings.Cut(thing, "/")
		bare = append(bare, name)
	}
	if near := param.Near(c.Thing, bare); near != "" {
		return things[slices.Index(bare, near)]
	}
	return ""
}
