package main

import (
	"errors"
	"fmt"

	"posttrain/core/model"
	"posttrain/core/rollout"
	"posttrain/core/task"
)

type sampleCommand struct {
	source
	Prompt string      `arg:"" help:"A prompt in the task's alphabet, such as A37QK=."`
	N      wholeNumber `short:"n" default:"5" from:"1" to:"10000" help:"How many responses."`
	Temp   temperature `default:"1" help:"Sampling temperature, above 0 and at most 100."`
	Greedy bool        `help:"Only the likeliest symbol at each place: one response."`
	Seed   wholeNumber `default:"1" from:"0" to:"9007199254740991" help:"Seed of the sampling."`
}

func (c *sampleCommand) Run(env *environment) error {
	m, t, err := c.readFor(env, "")
	if err != nil {
		return err
	}
	prompt, err := c.prompt(t, m.Params.Config.Context)
	if err != nil {
		return usage(err)
	}
	greedy := 0
	if c.Greedy {
		c.N, greedy = 1, 1
	}
	sampler := rollout.NewSampler(m.Params.Config, 1)
	for _, r := range sampler.Sample(model.NewNetwork(m.Params), rollout.Request{
		Prompts: [][]int32{prompt}, Group: int(c.N), MaxResponse: t.MaxResponse, Temp: float64(c.Temp), Greedy: greedy,
		Seed: uint64(c.Seed), Purpose: "sample", Name: t.Name,
	}) {
		text, finished := t.Decode(r.Tokens)
		if !finished {
			text += "..."
		}
		logp := 0.0
		for _, l := range r.Logp {
			logp += l
		}
		fmt.Fprintf(env.out, "%-*s  log-probability %7.3f nats\n", len(c.Prompt)+t.MaxResponse+len("..."), c.Prompt+text, logp)
	}
	return nil
}

// prompt encodes the prompt for a model with this context.
func (c *sampleCommand) prompt(t task.Task, context int) ([]int32, error) {
	prompt, err := t.Encode(c.Prompt)
	switch most := context - t.MaxResponse; {
	case err != nil:
		return nil, err
	case len(prompt) == 0:
		return nil, errors.New("the prompt is empty: want at least one symbol")
	case len(prompt) > most:
		return nil, fmt.Errorf("the prompt has %d symbols: at most %d leave room for a response in the model's context", len(prompt), most)
	}
	return prompt, nil
}
