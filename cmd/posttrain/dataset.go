package main

import (
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/posttrain/posttrain/core/dataset"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
)

type dataCommand struct {
	Task   string         `arg:"" help:"A task, see list tasks."`
	Kind   string         `enum:"demos,pairs,rollouts" default:"demos" help:"demos: the expert's answers. pairs: a model's answers of which the verifier prefers one. rollouts: a model's answers with their rewards."`
	Format dataset.Format `enum:"completion,messages" default:"completion" help:"The columns: prompt and completion (of pairs: prompt, chosen, rejected), or messages."`
	N      *wholeNumber   `short:"n" placeholder:"N" from:"1" to:"1000000" help:"How many rows. Of demonstrations there are as many as the task has training prompts, and all of them are written unless this says otherwise; of others, 500 are."`
	Set    []string       `sep:"none" placeholder:"KNOB=VALUE" help:"A knob of the demonstrations, such as style=y; repeat for more."`
	Base   *string        `placeholder:"CHECKPOINT" help:"The model that answers: a checkpoint file or the name of a base. Without it, the task's base."`
	Group  *wholeNumber   `placeholder:"N" from:"1" to:"64" help:"How many answers to each prompt are sampled at a time: 8 unless this says otherwise."`
	Temp   *temperature   `placeholder:"T" help:"Sampling temperature, above 0 and at most 100: 1 unless this says otherwise."`
	Seed   wholeNumber    `default:"1" from:"0" to:"9007199254740991" help:"Seed of the training prompts and of the sampling: what a run with this seed trains on."`
	threading
}

// Help is the long help.
func (*dataCommand) Help() string {
	return `Examples:

  posttrain data cards > demos.jsonl
  posttrain data cards --set style=y --format messages > demos.jsonl
  posttrain data taste --kind pairs -n 1000 > pairs.jsonl
  posttrain data cards --kind rollouts --base out/lane-1.msgp > rollouts.jsonl

run --data reads demonstrations back, in either format. It reads neither pairs nor rollouts: methods
that learn from them sample their own.`
}

func (c *dataCommand) Run(env *environment) error {
	t, err := env.catalogue.Task(c.Task)
	if err != nil {
		return usage(err)
	}
	rows, n, err := c.rows(env, t)
	if err != nil {
		return err
	}
	written := 0
	for row := range rows {
		if err := env.interrupted(fmt.Sprintf("%d rows were written", written)); err != nil {
			return err
		}
		_, _ = env.out.Write(row.JSON(c.Format)) // output keeps the error
		if written++; written == n {
			return nil
		}
	}
	fmt.Fprintf(env.err, "Only %d rows were written: in a whole round of prompts, no prompt had "+
		"two answers with different rewards.\n", written)
	return nil
}

// rows returns the rows of the kind, at least n unless there are no more.
func (c *dataCommand) rows(env *environment, t task.Task) (rows iter.Seq[dataset.Row], n int,
	err error) {
	const usual = 500
	if c.Kind == "demos" {
		return c.demonstrations(t)
	}
	if len(c.Set) > 0 {
		return nil, 0, usage(fmt.Errorf("--set is for --kind demos, and these are %s", c.Kind))
	}
	if n = usual; c.N != nil {
		n = int(*c.N)
	}
	sampling, err := c.sampling(env, t)
	if err != nil {
		return nil, 0, err
	}
	if c.Kind == "pairs" {
		return sampling.Pairs(), n, nil
	}
	return sampling.Rollouts(), n, nil
}

func (c *dataCommand) demonstrations(t task.Task) (iter.Seq[dataset.Row], int, error) {
	if c.Base != nil || c.Group != nil || c.Temp != nil {
		return nil, 0, usage(errors.New("--base, --group and --temp are for --kind pairs and " +
			"rollouts: demonstrations are the expert's"))
	}
	style := param.Defaults(t.Knobs)
	for _, setting := range c.Set {
		name, text, ok := strings.Cut(setting, "=")
		if !ok {
			return nil, 0, usage(fmt.Errorf("--set %s: want KNOB=VALUE", setting))
		}
		if err := style.Set(name, text); err != nil {
			return nil, 0, usage(fmt.Errorf("--set: %w", err))
		}
	}
	n := t.Prompts
	if c.N != nil {
		n = int(*c.N)
	}
	if n > t.Prompts {
		return nil, 0, usage(fmt.Errorf("--n=%d: task %s has %d training prompts for a seed", n,
			t.Name, t.Prompts))
	}
	return dataset.Demonstrations(t, style, uint64(c.Seed), n), n, nil
}

func (c *dataCommand) sampling(env *environment, t task.Task) (dataset.Sampling, error) {
	s := dataset.Sampling{Task: t, Group: 8, Temp: 1, Seed: uint64(c.Seed), Threads: int(c.Threads)}
	if c.Group != nil {
		s.Group = int(*c.Group)
	}
	if c.Temp != nil {
		s.Temp = float64(*c.Temp)
	}
	if c.Kind == "pairs" && s.Group < 2 {
		return s, usage(errors.New("--group=1: pairs need at least 2 answers to a prompt"))
	}
	base := t.Base
	if c.Base != nil {
		base = *c.Base
	}
	if base == "" {
		return s, usage(fmt.Errorf("task %s has no base: name a checkpoint with --base", t.Name))
	}
	m, sized, err := source{base}.readFor(env, t.Name)
	if err != nil {
		return s, err
	}
	if m.Task != t.Name {
		return s, fmt.Errorf("%s is a model for task %s: want one for %s", base, m.Task, t.Name)
	}
	s.Task, s.Model = sized, m.Params
	return s, nil
}
