package main

import (
	"fmt"

	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/study/design"
	"github.com/posttrain/posttrain/studies"
)

type studyListCommand struct {
	JSON bool `name:"json" help:"Print JSON."`
}

func (c *studyListCommand) Run(env *environment) error {
	type studyJSON struct {
		Name       string       `json:"name"`
		Title      string       `json:"title"`
		Question   string       `json:"question"`
		Hypotheses int          `json:"hypotheses"`
		Cells      int          `json:"cells"`
		Registered design.State `json:"registered"`
	}
	all := []studyJSON{}
	for _, name := range studies.Names() {
		s, err := studyArgument{Study: name}.read(env)
		if err != nil {
			return err
		}
		all = append(all, studyJSON{s.Name, s.Title, s.Question, len(s.Hypotheses), len(s.Cells()),
			s.Standing(s.entries, nil).Study})
	}
	if c.JSON {
		return env.out.json(all)
	}
	for _, s := range all {
		fmt.Fprintf(env.out, "%s: %s\n%s", s.Name, s.Title, prose.Wrap(s.Question, "  "))
	}
	return nil
}
