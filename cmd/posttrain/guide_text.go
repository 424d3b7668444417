package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/guide"
	"github.com/posttrain/posttrain/core/prose"
)

// printAnswer prints an answer of the guide. notes are about folders that are not used.
func printAnswer(env *environment, a guide.Answer, notes []string) error {
	fmt.Fprint(env.out, fill(a.Situation.Sentence(), ""))
	if app, ok := a.Situation.Field(); ok {
		fmt.Fprint(env.out, fill(fmt.Sprintf("For %s. %s Tasks that stand for it: %s; exhibits "+
			"on them: %s.", app.Title, app.Doc, prose.List(app.Tasks),
			exhibitsOn(env, app.Tasks)), ""))
	}
	for _, f := range a.Found {
		if err := printFound(env, f, a.Situation); err != nil {
			return err
		}
	}
	fmt.Fprintln(env.out)
	for _, text := range slices.Concat(a.GapSentences(), a.UnusedSentences(), notes) {
		fmt.Fprint(env.out, fill(text, ""))
	}
	if len(a.Found) > 0 {
		fmt.Fprint(env.out, fill(guide.Reading, ""))
	}
	return nil
}

// printFound prints what a setting says.
func printFound(env *environment, f guide.Found, s guide.Situation) error {
	fmt.Fprintf(env.out, "\n%s\n", fill(f.Heading(), ""))
	if err := printRows(env, f); err != nil {
		return err
	}
	for _, text := range f.Ranking() {
		fmt.Fprint(env.out, fill(text, ""))
	}
	for _, part := range []struct {
		title string
		texts []string
	}{
		{"Beside the base", f.AgainstBase()},
		{"What varies", f.FromBaseToBase()},
		{"What would change it", f.WhatWouldChange()},
		{"Left out", excludedTexts(f)},
		{"What limits this", f.Caveats(s)},
	} {
		if len(part.texts) > 0 {
			fmt.Fprintf(env.out, "\n%s:\n", part.title)
		}
		for _, text := range part.texts {
			fmt.Fprint(env.out, fill(text, "  "))
		}
	}
	return printRecipes(env, f)
}

// printRows prints the table of a setting.
func printRows(env *environment, f guide.Found) error {
	w := newTable(env.out)
	head := []string{"method"}
	for _, c := range f.Columns {
		head = append(head, c.Head())
	}
	row(w, append(head, "updates", "GFLOP")...)
	line := func(title string, values []guide.Value, end ...string) {
		cells := []string{title}
		for k, v := range values {
			cells = append(cells, v.Text(f.Columns[k]))
		}
		row(w, append(cells, end...)...)
	}
	line("(the base)", f.Base, "0", "0")
	for _, r := range f.Rows {
		line(r.Title, r.Values, fmt.Sprintf("%.0f", r.Steps), fmt.Sprintf("%.1f", r.FLOPs/1e9))
	}
	fmt.Fprintln(w)
	return w.Flush()
}

func excludedTexts(f guide.Found) (texts []string) {
	for _, e := range f.Excluded {
		texts = append(texts, e.Sentence())
	}
	return texts
}

// printRecipes prints the config of each row that counts, and a run of it.
func printRecipes(env *environment, f guide.Found) error {
	for i, r := range f.Rows {
		if i == 0 {
			fmt.Fprint(env.out, "\nOne run of each, on the first base with the first seed:\n")
		}
		of := ""
		if r.Configs > 1 {
			of = fmt.Sprintf(", the best of %d on the tuning part", r.Configs)
		}
		recipe, err := env.catalogue.Parse(r.Link)
		if err != nil {
			return fmt.Errorf("%s: %w", strings.Join(r.Studies, ", "), err)
		}
		fmt.Fprintf(env.out, "  %s: %s%s\n    %s\n", r.Title, r.Lane, of, recipe.Command())
	}
	return nil
}
