package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"posttrain/core/eval"
	"posttrain/core/method"
	"posttrain/core/model"
	"posttrain/core/param"
	"posttrain/core/recipe"
	"posttrain/core/task"
	"posttrain/core/train"
)

type listCommand struct {
	Kind string `arg:"" optional:"" enum:"tasks,methods,bases,exhibits,metrics," default:"" help:"tasks, methods, bases, exhibits or metrics; all of them by default."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// entry is one line of a list.
type entry struct{ name, title string }

type listing struct {
	kind    string
	entries []entry
	json    any
}

func (c *listCommand) Run(env *environment) error {
	listings, err := listings()
	if err != nil {
		return err
	}
	if c.JSON {
		all := map[string]any{}
		for _, l := range listings {
			if l.kind == c.Kind {
				return json.NewEncoder(env.out).Encode(l.json)
			}
			all[l.kind] = l.json
		}
		return json.NewEncoder(env.out).Encode(all)
	}
	w := tabwriter.NewWriter(env.out, 0, 0, 2, ' ', 0)
	for _, l := range listings {
		if c.Kind == "" {
			fmt.Fprintf(w, "%s\n", l.kind)
		} else if c.Kind != l.kind {
			continue
		}
		for _, e := range l.entries {
			fmt.Fprintf(w, "  %s\t%s\n", e.name, e.title)
		}
	}
	return w.Flush()
}

func listings() ([]listing, error) {
	bases, err := listBases()
	if err != nil {
		return nil, err
	}
	return []listing{listTasks(), listMethods(), bases, listExhibits(), listMetrics()}, nil
}

func listTasks() listing {
	type taskJSON struct {
		Name        string       `json:"name"`
		Title       string       `json:"title"`
		Cite        string       `json:"cite"`
		Doc         string       `json:"doc"`
		Alphabet    string       `json:"alphabet"`
		MaxResponse int          `json:"max_response"`
		Prompts     int          `json:"prompts"`
		Levels      []task.Level `json:"levels"`
		Knobs       []param.Knob `json:"knobs"`
	}
	l := listing{kind: "tasks"}
	var all []taskJSON
	for _, t := range task.All() {
		l.entries = append(l.entries, entry{t.Name, t.Title})
		all = append(all, taskJSON{t.Name, t.Title, t.Cite, t.Doc, t.Alphabet, t.MaxResponse, t.Prompts, t.Levels, t.Knobs})
	}
	l.json = all
	return l
}

func listMethods() listing {
	type methodJSON struct {
		Name       string       `json:"name"`
		Title      string       `json:"title"`
		Family     string       `json:"family"`
		Cite       string       `json:"cite"`
		Formula    string       `json:"formula"`
		Doc        string       `json:"doc"`
		Deviations string       `json:"deviations"`
		Knobs      []param.Knob `json:"knobs"`
	}
	l := listing{kind: "methods"}
	var all []methodJSON
	for _, m := range method.All() {
		l.entries = append(l.entries, entry{m.Name, m.Title})
		all = append(all, methodJSON{m.Name, m.Title, m.Family, m.Cite, m.Formula, m.Doc, m.Deviations, train.MethodKnobs(m)})
	}
	l.json = all
	return l
}

func listBases() (listing, error) {
	type baseJSON struct {
		Name    string       `json:"name"`
		Title   string       `json:"title"`
		Doc     string       `json:"doc"`
		Task    string       `json:"task"`
		Model   model.Config `json:"model"`
		Weights int          `json:"weights"`
		Digest  string       `json:"digest"`
	}
	l := listing{kind: "bases"}
	var all []baseJSON
	for _, b := range recipe.Bases() {
		params, err := b.Load()
		if err != nil {
			return l, err
		}
		l.entries = append(l.entries, entry{b.Name, b.Title})
		all = append(all, baseJSON{b.Name, b.Title, b.Doc, b.Pretraining.Task.Name, params.Config, len(params.Data), params.Digest()})
	}
	l.json = all
	return l, nil
}

func listExhibits() listing {
	l := listing{kind: "exhibits", json: recipe.Exhibits()}
	for _, e := range recipe.Exhibits() {
		l.entries = append(l.entries, entry{e.Name, e.Title})
	}
	return l
}

func listMetrics() listing {
	l := listing{kind: "metrics", json: eval.Dictionary}
	for _, d := range eval.Dictionary {
		l.entries = append(l.entries, entry{d.Name, d.Doc})
	}
	return l
}
