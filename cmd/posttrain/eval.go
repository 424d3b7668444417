package main

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

type evalCommand struct {
	source
	Task string       `placeholder:"T" help:"Task to measure on, instead of the checkpoint's."`
	Seed *wholeNumber `placeholder:"N" from:"0" to:"9007199254740991" help:"Seed of the sampling, instead of that of the checkpoint's recipe."`
	Base string       `type:"file" placeholder:"FILE" help:"What the checkpoint's run started from, if that was a file: run's --base."`
	JSON bool         `name:"json" help:"Print one line of JSON."`
	caching
	threading
}

func (c *evalCommand) Run(env *environment) error {
	m, t, err := c.readFor(env, c.Task)
	if err != nil {
		return err
	}
	base, values, err := c.origin(env, m, t)
	if err != nil {
		return err
	}
	seed := uint64(values.Int("seed"))
	if c.Seed != nil {
		seed = uint64(*c.Seed)
	}
	suite := eval.NewSuite(t, model.NewNetwork(base), values.Int("eval_prompts"), seed,
		int(c.Threads))
	network := model.NewNetwork(m.Params)
	var metrics []protocol.Metric
	for i := range suite.Levels() {
		if err := env.interrupted("nothing was kept"); err != nil {
			return err
		}
		level, _ := suite.Measure(network, i)
		metrics = append(metrics, level...)
	}
	if base.Config == m.Params.Config {
		metrics = append(append(metrics, eval.Moved(base, m.Params)...),
			eval.Ranks(eval.Matrices(base, m.Params))...)
	}
	if t.Name == m.Task {
		metrics = append(metrics, m.Signal.Metrics()...)
	}
	if answers := values.Int("passk"); answers > 0 {
		for p := suite.PassAtK(answers); p != nil; p = p.Next() {
			for !p.Advance(network) {
				if err := env.interrupted("nothing was kept"); err != nil {
					return err
				}
			}
			metrics = append(metrics, p.Metrics()...)
		}
	}
	if c.JSON {
		return env.out.json(struct {
			Event   string             `json:"event"`
			Engine  int                `json:"engine"`
			Task    string             `json:"task"`
			Seed    uint64             `json:"seed"`
			Digest  string             `json:"digest"`
			Metrics map[string]float64 `json:"metrics"`
		}{"eval", train.Engine, t.Name, seed, m.Params.Digest(), study.ByName(metrics)})
	}
	// distances of a base from itself say nothing; a lane may have come back to its base
	itself := m.Link == "" && base.Digest() == m.Params.Digest()
	for _, metric := range metrics {
		if itself && isDistance(metric.Name) {
			continue
		}
		d, _ := eval.Define(metric.Name)
		fmt.Fprintf(env.out, "%-32s %8.4f %s\n", metric.Name, metric.Value, d.Unit)
	}
	return nil
}

// origin returns the base and the settings with which a checkpoint's run
// measured, so that measuring again gives the same numbers. A model that is not
// from a run on this task is measured like a run at the default settings.
func (c *evalCommand) origin(env *environment, m *checkpoint.Model, t task.Task) (*model.Params,
	param.Values, error) {
	values := param.Defaults(env.catalogue.Knobs(t))
	var own *checkpoint.Model
	if c.Base != "" {
		var err error
		if own, err = readBase(env, c.Base); err != nil {
			return nil, values, err
		}
	}
	if m.Link != "" && t.Name == m.Task {
		r, err := env.catalogue.Parse(m.Link)
		switch {
		case err != nil || own == nil:
		case !strings.Contains(m.Link, "base=file-"):
			return nil, values, usage(fmt.Errorf("--base %s: %s did not start from a file: its "+
				"recipe %s says how its base is made, so leave out --base", c.Base, c.Checkpoint,
				m.Link))
		default:
			err = r.UseBase(own)
		}
		if err == nil {
			err = c.supply(env, r, int(c.Threads))
		}
		if err != nil {
			return nil, values, fmt.Errorf("the checkpoint's recipe %s: %w", m.Link, err)
		}
		base, err := r.Start(m.Lane)
		return base, r.Values, err
	}
	if own != nil {
		if own.Params.Config != m.Params.Config {
			return nil, values, usage(fmt.Errorf("--base %s has %v, and %s has %v: want the "+
				"model that the training started from", c.Base, own.Params.Config, c.Checkpoint,
				m.Params.Config))
		}
		return own.Params, values, nil
	}
	if !values.Has("base") {
		return m.Params, values, nil
	}
	base, err := env.catalogue.LoadBase(values.Choice("base"))
	if err != nil {
		return nil, values, err
	}
	if base.Config != m.Params.Config {
		fmt.Fprintf(env.err, "%s is a base, or does not say what its training started from, so "+
			"there is no distance to measure. To measure the distance from another model, name it "+
			"with --base FILE.\n", c.Checkpoint)
		return m.Params, values, nil
	}
	if m.Link == "" && base.Digest() != m.Params.Digest() {
		fmt.Fprintf(env.err, "%s does not say what its training started from, so its distances "+
			"are from base %s: name another with --base FILE.\n", c.Checkpoint,
			values.Choice("base"))
	}
	return base, values, nil
}

// isDistance reports whether a metric compares a model with its base.
func isDistance(metric string) bool {
	return strings.HasPrefix(metric, "weights/") ||
		strings.HasPrefix(metric, "eval/") && strings.Contains(metric, "/kl_")
}
