package main

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/dataset"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/task"
)

type dataCommand struct {
	Task   string         `arg:"" help:"A task, see list tasks."`
	Kind   string         `enum:"demos,pairs,rollouts" default:"demos" help:"demos: the expert's answers. pairs: a model's answers of which the verifier prefers one. rollouts: a model's answers with their rewards."`
	Format dataset.Format `enum:"completion,messages" default:"completion" help:"The columns: prompt and completion (of pairs: prompt, chosen, rejected), or messages."`
	N      *wholeNumber   `short:"n" placeholder:"N" from:"1" to:"1000000" help:"How many rows. Of demonstrations there are as many as the task has training prompts, and all of them are written unless this says otherwise; of others, 500 are."`
	Set    settings       `sep:"none" placeholder:"KNOB=VALUE" help:"A knob of the demonstrations, such as style=y, or a size of the task, such as hand=6; repeat for more."`
	Size   string         `placeholder:"SIZE" help:"Size of the model that the problems suit: page, full or large."`
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
  posttrain data cards --size full > demos.jsonl
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
	sizes, knobs, err := c.Set.split(t)
	if err != nil {
		return nil, 0, usage(err)
	}
	if len(knobs) > 0 && c.Kind != "demos" {
		return nil, 0, usage(fmt.Errorf("--set %s is for --kind demos, and these are %s", knobs[0],
			c.Kind))
	}
	sized := c.Size != "" || len(sizes) > 0
	if sized {
		if t, err = resized(t, c.Size, sizes); err != nil {
			return nil, 0, usage(err)
		}
	}
	if c.Kind == "demos" {
		return c.demonstrations(t, knobs)
	}
	if n = usual; c.N != nil {
		n = int(*c.N)
	}
	sampling, err := c.sampling(env, t, sized)
	if err != nil {
		return nil, 0, err
	}
	if c.Kind == "pairs" {
		return sampling.Pairs(), n, nil
	}
	return sampling.Rollouts(), n, nil
}

// resized returns a task for a model of a size, or of the first of them if it is "".
func resized(t task.Task, size string, sizes []string) (task.Task, error) {
	if size != "" && !slices.Contains(recipe.Sizes(), size) {
		return t, fmt.Errorf("--size=%s: expected one of %s", size,
			strings.Join(recipe.Sizes(), ", "))
	}
	t, err := t.Resized(size, sizes)
	if err != nil {
		return t, fmt.Errorf("--set: %w", err)
	}
	return t, nil
}

func (c *dataCommand) demonstrations(t task.Task, knobs []string) (iter.Seq[dataset.Row], int,
	error) {
	if c.Base != nil || c.Group != nil || c.Temp != nil {
		return nil, 0, usage(errors.New("--base, --group and --temp are for --kind pairs and " +
			"rollouts: demonstrations are the expert's"))
	}
	style := param.Defaults(t.Knobs)
	if err := settings(knobs).each(style.Set); err != nil {
		return nil, 0, usage(err)
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

// sampling returns what samples the rows of a task. asked reports whether the task is at sizes that
// were asked for; otherwise it is sampled at those of the model.
func (c *dataCommand) sampling(env *environment, t task.Task, asked bool) (dataset.Sampling,
	error) {
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
	m, ofModel, err := source{base}.readFor(env, t.Name)
	if err != nil {
		return s, err
	}
	if m.Task != t.Name {
		return s, fmt.Errorf("%s is a model for task %s: want one for %s", base, m.Task, t.Name)
	}
	s.Model = m.Params
	if !asked {
		s.Task = ofModel
		return s, nil
	}
	if have, want := sizesText(ofModel), sizesText(t); have != want {
		return s, usage(fmt.Errorf("%s is a model for %s, and the rows are for %s: name one of "+
			"these sizes with --base", base, have, want))
	}
	return s, nil
}

// sizesText returns the sizes of a task's problems in words.
func sizesText(t task.Task) string {
	sizes := recipe.SizesOf(t)
	if len(sizes) == 0 {
		return "the usual sizes of task " + t.Name
	}
	return prose.List(sizes)
}
