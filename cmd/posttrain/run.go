package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"posttrain/core/recipe"
	"posttrain/core/study"
	"posttrain/core/train"
)

type runCommand struct {
	Link string `arg:"" help:"An exhibit, or a link: NAME?seed=7&lane=sft,lr=1e-3&lane=grpo,steps=200, bare or as a whole URL."`

	Lane    []string `sep:"none" placeholder:"METHOD,KNOB=VALUE,..." help:"A lane instead of the recipe's; repeat for more. Stages are joined by ~."`
	Seed    *uint64  `placeholder:"N" help:"Seed instead of the recipe's."`
	Seeds   string   `placeholder:"A-B" help:"Run every seed from A to B and summarise."`
	Steps   int      `placeholder:"N" help:"Steps of every lane that has one stage."`
	Set     []string `sep:"none" placeholder:"KNOB=VALUE" help:"Set a knob of the recipe or of every stage that has it; repeat for more."`
	Out     string   `type:"path" placeholder:"DIR" help:"Keep checkpoints and the result in this folder."`
	Resume  bool     `help:"Go on with the run in the --out folder."`
	JSON    bool     `name:"json" help:"Print one event a line."`
	Threads int      `default:"${threads}" help:"Threads to use; the result does not depend on it."`
}

func (c *runCommand) Run(env *environment) error {
	r, err := c.recipe()
	if err != nil {
		return usage(err)
	}
	seeds, err := c.seeds(r)
	if err != nil {
		return usage(err)
	}
	var results []*study.Result
	for _, seed := range seeds {
		result, err := c.one(env, r, seed, len(seeds) > 1)
		if err != nil {
			return err
		}
		results = append(results, result)
	}
	if len(seeds) == 1 {
		return nil
	}
	summary := study.Summarise(results)
	if c.JSON {
		return json.NewEncoder(env.out).Encode(summary)
	}
	printSummary(env.out, r, summary)
	return nil
}

// recipe applies the flags to the link.
func (c *runCommand) recipe() (*recipe.Recipe, error) {
	r, err := recipe.Parse(c.Link, c.Lane...)
	if err != nil {
		return nil, err
	}
	if c.Seed != nil {
		if err := r.SetSeed(*c.Seed); err != nil {
			return nil, err
		}
	}
	if c.Steps != 0 {
		if err := r.SetSteps(c.Steps); err != nil {
			return nil, err
		}
	}
	for _, setting := range c.Set {
		name, text, ok := strings.Cut(setting, "=")
		if !ok {
			return nil, fmt.Errorf("--set %s: want KNOB=VALUE", setting)
		}
		if err := r.Set(name, text); err != nil {
			return nil, fmt.Errorf("--set: %w", err)
		}
	}
	return r, nil
}

// seeds reads --seeds, or returns the recipe's one seed.
func (c *runCommand) seeds(r *recipe.Recipe) ([]uint64, error) {
	const most = 10_000
	if c.Seeds == "" {
		return []uint64{r.Seed()}, nil
	}
	if c.Seed != nil {
		return nil, errors.New("--seed and --seeds exclude each other")
	}
	first, last, ok := strings.Cut(c.Seeds, "-")
	from, err1 := strconv.ParseUint(first, 10, 53)
	to, err2 := strconv.ParseUint(last, 10, 53)
	if !ok || err1 != nil || err2 != nil || to < from || to-from >= most {
		return nil, fmt.Errorf("--seeds=%s: expected A-B, two whole numbers with A at most B and at most %d seeds", c.Seeds, most)
	}
	var seeds []uint64
	for seed := from; seed <= to; seed++ {
		seeds = append(seeds, seed)
	}
	return seeds, nil
}

// one runs the recipe with one seed.
func (c *runCommand) one(env *environment, r *recipe.Recipe, seed uint64, several bool) (*study.Result, error) {
	r = r.Clone()
	if err := r.SetSeed(seed); err != nil {
		return nil, usage(err)
	}
	o := study.Options{Threads: c.Threads, Clock: env.clock}
	if c.Out != "" {
		path := c.Out
		if several {
			path = filepath.Join(path, fmt.Sprintf("seed-%d", seed))
		}
		var err error
		if o.Folder, err = study.OpenFolder(path, c.Resume); err != nil {
			if errors.Is(err, study.ErrFolder) {
				return nil, usage(err)
			}
			return nil, err
		}
	} else if c.Resume {
		return nil, usage(errors.New("--resume needs --out: which folder is the run in?"))
	}
	if c.JSON {
		encoder := json.NewEncoder(env.out)
		o.Observe = func(e train.Event) { _ = encoder.Encode(eventLine(e)) }
		result, err := study.Run(env, r, o)
		if err != nil {
			return nil, err
		}
		return result, encoder.Encode(result)
	}
	return c.show(env, r, o)
}

// show runs with a bar or lines of progress, and closes with a table.
func (c *runCommand) show(env *environment, r *recipe.Recipe, o study.Options) (*study.Result, error) {
	printOpening(env.out, r)
	progress := newProgress(env.err, r)
	o.Observe = progress.observe
	result, err := study.Run(env, r, o)
	progress.close()
	if err != nil {
		if o.Folder != nil && env.Err() != nil {
			fmt.Fprintf(env.err, "The run is kept: the same command with --resume goes on.\n")
		}
		return nil, err
	}
	printResult(env.out, r, result)
	return result, nil
}

// eventLine is an event as a line of JSON.
func eventLine(e train.Event) any {
	return struct {
		Event   train.EventKind    `json:"event"`
		Lane    string             `json:"lane"`
		Stage   int                `json:"stage"`
		Step    int                `json:"step"`
		Metrics map[string]float64 `json:"metrics,omitempty"`
		Samples []train.Sample     `json:"samples,omitempty"`
		Cost    train.Cost         `json:"cost"`
	}{e.Kind, e.Lane, e.Stage, e.Step, study.ByName(e.Metrics), e.Samples, e.Cost}
}
