package main

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

type sampleCommand struct {
	source
	Prompt string      `arg:"" help:"A prompt in the task's symbols, such as A37QK=."`
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
	prompt, err := t.EncodePrompt(c.Prompt, m.Params.Config.Context)
	if err != nil {
		return usage(err)
	}
	problem, unjudged := t.Problem(c.Prompt)
	if unjudged != nil {
		fmt.Fprintf(env.err, "What follows is not judged: %v.%s\n", unjudged, lengthOf(t, c.Prompt))
	}
	greedy := 0
	if c.Greedy {
		c.N, greedy = 1, 1
	}
	var world rollout.World // nil for a prompt that is no problem of the task
	if unjudged == nil {
		world = eval.World(t, []task.Problem{problem})
	}
	sampler := rollout.NewSampler(m.Params.Config, 1)
	responses := sampler.Sample(model.NewNetwork(m.Params), rollout.Request{
		Prompts: [][]int32{prompt}, Group: int(c.N), MaxResponse: t.MaxResponse,
		Temp: float64(c.Temp), Greedy: greedy, World: world,
		Seed: uint64(c.Seed), Purpose: "sample", Name: t.Name,
	})
	texts, wide := c.texts(t, responses)
	for i, r := range responses {
		logp := 0.0
		for _, l := range r.Logp {
			logp += l
		}
		fmt.Fprintf(env.out, "%-*s  log-probability %7.3f nats", wide, texts[i], logp)
		if unjudged == nil {
			fmt.Fprint(env.out, "  ", verdictOn(t, problem, r.Tokens))
		}
		fmt.Fprintln(env.out)
	}
	return nil
}

// lengthOf returns a sentence that says how long a prompt is, for one that may be too short or too
// long to be a problem of the task. It returns "" for a prompt of words or without a = at its end.
func lengthOf(t task.Task, prompt string) string {
	body, ok := strings.CutSuffix(prompt, "=")
	if !ok || body == "" || t.Words != nil {
		return ""
	}
	return fmt.Sprintf(" This one has %s between %c and =.", prose.Count(len(body)-1, "symbol"),
		body[0])
}

// texts returns the prompt with each response, and how wide their column is: the longest possible
// text of runes, or the longest of these texts of words.
func (c *sampleCommand) texts(t task.Task, responses []rollout.Response) (all []string, wide int) {
	if t.Words == nil {
		wide = len(c.Prompt) + t.MaxResponse + len("...")
	}
	for _, r := range responses {
		text, finished := t.Decode(r.Tokens)
		text = t.Join(t.Canonical(c.Prompt), text)
		if !finished {
			text += "..."
		}
		all = append(all, text)
		wide = max(wide, len(text))
	}
	return all, wide
}

// verdictOn returns the verifier's judgement in a word or two.
func verdictOn(t task.Task, p task.Problem, response []int32) string {
	score := t.Score(p, response)
	if mark := t.Mark(p, score); mark != protocol.Graded {
		return string(mark)
	}
	return fmt.Sprintf("reward %.2f", score)
}
