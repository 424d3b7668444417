package main

import (
	"cmp"
	"fmt"

	"github.com/posttrain/posttrain/core/guide"
	"github.com/posttrain/posttrain/core/prose"
)

// printAnswer prints an answer of the guide. notes are about folders that are not used.
func printAnswer(env *environment, a guide.Answer, notes []string) error {
	t := a.Text(env.catalogue.ExhibitsByTask())
	fmt.Fprint(env.out, prose.Wrap(t.Situation, ""))
	if t.Field != "" {
		fmt.Fprint(env.out, prose.Wrap(fmt.Sprintf("%s %s: %s.", t.Field, t.Exhibits.Title,
			cmp.Or(prose.List(t.Exhibits.Texts), "none")), ""))
	}
	for _, table := range t.Tables {
		if err := printGuideTable(env, table); err != nil {
			return err
		}
	}
	fmt.Fprintln(env.out)
	for _, text := range append(t.Missing, notes...) {
		fmt.Fprint(env.out, prose.Wrap(text, ""))
	}
	if t.Reading != "" {
		fmt.Fprint(env.out, prose.Wrap(t.Reading, ""))
	}
	return nil
}

// printGuideTable prints what a setting says.
func printGuideTable(env *environment, t guide.Table) error {
	fmt.Fprintf(env.out, "\n%s\n", prose.Wrap(t.Heading, ""))
	w := newTable(env.out)
	row(w, t.Head...)
	for _, line := range t.Rows {
		cells := []string{line.Title}
		for _, c := range line.Cells {
			cells = append(cells, c.Text)
		}
		row(w, cells...)
	}
	fmt.Fprintln(w)
	if err := w.Flush(); err != nil {
		return err
	}
	for _, text := range t.Ranking {
		fmt.Fprint(env.out, prose.Wrap(text, ""))
	}
	for _, part := range t.Parts {
		fmt.Fprintf(env.out, "\n%s:\n", part.Title)
		for _, text := range part.Texts {
			fmt.Fprint(env.out, prose.Wrap(text, "  "))
		}
	}
	return printRuns(env, t)
}

// printRuns prints the config of each line that counts, and a run of it.
func printRuns(env *environment, t guide.Table) error {
	if t.Runs != "" {
		fmt.Fprintf(env.out, "\n%s:\n", t.Runs)
	}
	for _, line := range t.Rows {
		if line.Link == "" {
			continue
		}
		r, err := env.catalogue.Parse(line.Link)
		if err != nil {
			return fmt.Errorf("a run of %s: %w", line.Title, err)
		}
		fmt.Fprintf(env.out, "  %s: %s\n    %s\n", line.Title, line.Config, r.Command())
	}
	return nil
}
