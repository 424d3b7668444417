package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"posttrain/core/checkpoint"
	"posttrain/core/eval"
	"posttrain/core/model"
	"posttrain/core/recipe"
	"posttrain/core/rollout"
	"posttrain/core/study"
	"posttrain/core/task"
	"posttrain/core/train"
)

type digestCommand struct {
	Checkpoint string `arg:"" help:"A checkpoint file."`
}

func (c *digestCommand) Run(env *environment) error {
	m, err := checkpoint.ReadModel(c.Checkpoint)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(env.out, m.Params.Digest())
	return err
}

type evalCommand struct {
	Checkpoint string `arg:"" help:"A checkpoint file."`
	Task       string `placeholder:"T" help:"Task to measure on, instead of the checkpoint's."`
	Seed       uint64 `placeholder:"N" help:"Seed of the sampling, instead of that of the checkpoint's recipe."`
	JSON       bool   `name:"json" help:"Print one line of JSON."`
	Threads    int    `default:"${threads}" help:"Threads to use; the result does not depend on it."`
}

func (c *evalCommand) Run(env *environment) error {
	m, t, err := readModel(c.Checkpoint, c.Task)
	if err != nil {
		return err
	}
	base, prompts, seed, err := c.origin(m, t)
	if err != nil {
		return err
	}
	suite := eval.NewSuite(t, model.NewNetwork(base), prompts, seed, c.Threads)
	network := model.NewNetwork(m.Params)
	var metrics []eval.Metric
	for i := range suite.Levels() {
		level, _ := suite.Measure(network, i)
		metrics = append(metrics, level...)
	}
	if c.JSON {
		return json.NewEncoder(env.out).Encode(struct {
			Event   string             `json:"event"`
			Engine  int                `json:"engine"`
			Task    string             `json:"task"`
			Seed    uint64             `json:"seed"`
			Digest  string             `json:"digest"`
			Metrics map[string]float64 `json:"metrics"`
		}{"eval", train.Engine, t.Name, seed, m.Params.Digest(), study.ByName(metrics)})
	}
	for _, metric := range metrics {
		d, _ := eval.Define(metric.Name)
		fmt.Fprintf(env.out, "%-32s %8.4f %s\n", metric.Name, metric.Value, d.Unit)
	}
	return nil
}

// origin finds what a checkpoint's run measured with, so that measuring it again
// gives the same numbers: its base, the number of prompts and the seed.
func (c *evalCommand) origin(m *checkpoint.Model, t task.Task) (base *model.Params, prompts int, seed uint64, err error) {
	base, prompts, seed = m.Params, 512, 1
	if m.Link != "" && c.Task == "" {
		r, err := recipe.Parse(m.Link)
		if err != nil {
			return nil, 0, 0, fmt.Errorf("the checkpoint's recipe %s: %w", m.Link, err)
		}
		lanes, err := r.Plan()
		if err != nil {
			return nil, 0, 0, err
		}
		base, prompts, seed = lanes[0].Base, lanes[0].EvalPrompts, lanes[0].Seed
	} else if b, err := recipe.LookupBase(t.Name); err == nil {
		if base, err = b.Load(); err != nil {
			return nil, 0, 0, err
		}
	}
	if c.Seed != 0 {
		seed = c.Seed
	}
	return base, prompts, seed, nil
}

// readModel reads a checkpoint and finds the task it is to be used on.
func readModel(path, taskName string) (*checkpoint.Model, task.Task, error) {
	m, err := checkpoint.ReadModel(path)
	if err != nil {
		return nil, task.Task{}, err
	}
	if taskName == "" {
		taskName = m.Task
	}
	t, err := task.Lookup(taskName)
	if err != nil {
		return nil, task.Task{}, usage(err)
	}
	if m.Params.Config.Vocab != t.Vocab() {
		return nil, task.Task{}, fmt.Errorf("%s speaks %d tokens, task %s has %d: name the task it was trained on", path, m.Params.Config.Vocab, t.Name, t.Vocab())
	}
	return m, t, nil
}

type sampleCommand struct {
	Checkpoint string  `arg:"" help:"A checkpoint file."`
	Prompt     string  `arg:"" help:"A prompt in the task's alphabet, such as A37QK=."`
	N          int     `short:"n" default:"5" help:"How many responses."`
	Temp       float64 `default:"1" help:"Sampling temperature."`
	Greedy     bool    `help:"Only the likeliest response."`
	Seed       uint64  `default:"1" help:"Seed of the sampling."`
}

func (c *sampleCommand) Run(env *environment) error {
	m, t, err := readModel(c.Checkpoint, "")
	if err != nil {
		return err
	}
	prompt, err := t.Encode(c.Prompt)
	switch {
	case err != nil:
		return usage(err)
	case len(prompt) == 0:
		return usage(errors.New("the prompt is empty: want at least one symbol"))
	case len(prompt)+t.MaxResponse > m.Params.Config.Context:
		return usage(fmt.Errorf("the prompt has %d symbols: at most %d fit into the model's context", len(prompt), m.Params.Config.Context-t.MaxResponse))
	case c.N < 1 || c.N > 10_000:
		return usage(fmt.Errorf("-n=%d: expected 1 to 10000", c.N))
	case !(c.Temp > 0 && c.Temp <= 100):
		return usage(fmt.Errorf("--temp=%g: expected a number above 0 and at most 100", c.Temp))
	}
	if c.Greedy {
		c.N = 1
	}
	sampler := rollout.NewSampler(m.Params.Config, 1)
	for _, r := range sampler.Sample(model.NewNetwork(m.Params), rollout.Request{
		Prompts: [][]int32{prompt}, Group: c.N, MaxResponse: t.MaxResponse, Temp: c.Temp, Greedy: c.Greedy,
		Seed: c.Seed, Purpose: "sample", Name: t.Name,
	}) {
		text, finished := t.Decode(r.Tokens)
		end := ""
		if !finished {
			end = "... (cut off)"
		}
		logp := 0.0
		for _, l := range r.Logp {
			logp += l
		}
		fmt.Fprintf(env.out, "%s%s%s\t%.3f nats\n", c.Prompt, text, end, -logp)
	}
	return nil
}

type logitsCommand struct {
	Checkpoint string `arg:"" help:"A checkpoint file."`
}

func (c *logitsCommand) Run(env *environment) error {
	m, err := checkpoint.ReadModel(c.Checkpoint)
	if err != nil {
		return err
	}
	var in struct {
		Tokens [][]int32 `json:"tokens"`
	}
	decoder := json.NewDecoder(env.in)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); err != nil {
		return fmt.Errorf("standard input: %w: want {\"tokens\":[[1,2,3]]}", err)
	}
	config := m.Params.Config
	var batch model.Batch
	batch.Reset()
	for i, row := range in.Tokens {
		if len(row) == 0 || len(row) > config.Context {
			return fmt.Errorf("tokens[%d] has %d tokens: want 1 to %d", i, len(row), config.Context)
		}
		if j := slices.IndexFunc(row, func(t int32) bool { return t < 0 || int(t) >= config.Vocab }); j >= 0 {
			return fmt.Errorf("tokens[%d][%d] is %d: want 0 to %d", i, j, row[j], config.Vocab-1)
		}
		batch.Append(row)
	}
	out := struct {
		Logits [][][]float32 `json:"logits"` // (B,T,V)
	}{Logits: make([][][]float32, len(in.Tokens))}
	if len(in.Tokens) > 0 {
		logits := model.NewTape(config, false).Logits(model.NewNetwork(m.Params), &batch)
		for i, row := range in.Tokens {
			for t := range row {
				at := (batch.Start[i] + t) * config.Vocab
				out.Logits[i] = append(out.Logits[i], logits[at:at+config.Vocab])
			}
		}
	}
	return json.NewEncoder(env.out).Encode(out)
}

type pretrainCommand struct {
	Base    string `arg:"" help:"Name of a base, see list bases."`
	Verify  bool   `help:"Compare with the shipped base, bit for bit."`
	Out     string `type:"path" placeholder:"FILE" help:"Write the base here."`
	Threads int    `default:"${threads}" help:"Threads to use; the result does not depend on it."`
}

func (c *pretrainCommand) Run(env *environment) error {
	b, err := recipe.LookupBase(c.Base)
	if err != nil {
		return usage(err)
	}
	p := b.Pretraining
	if _, err := fmt.Fprintf(env.err, "Pretraining %s: %d steps of %d examples.\n", b.Name, p.Steps, p.Batch); err != nil {
		return err
	}
	start := env.clock()
	params, err := p.Run(c.Threads, func(step int, loss float64) error {
		if (step+1)%250 == 0 {
			fmt.Fprintf(env.err, "step %d/%d  loss %.3f nats  %.1f s\n", step+1, p.Steps, loss, env.clock()-start)
		}
		return env.Err()
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(env.out, params.Digest())
	if c.Out != "" {
		file, err := checkpoint.EncodeBase(p.Task.Name, params)
		if err != nil {
			return err
		}
		if err := checkpoint.WriteFile(c.Out, file); err != nil {
			return err
		}
	}
	if !c.Verify {
		return nil
	}
	shipped, err := b.Load()
	if err != nil {
		return err
	}
	if want := shipped.Digest(); want != params.Digest() {
		return fmt.Errorf("base %s: the shipped digest is %s, this run's another", b.Name, want)
	}
	_, err = fmt.Fprintf(env.err, "The shipped base has the same bits (%s).\n", params.Digest()[:8])
	return err
}
