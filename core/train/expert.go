package train

import (
	"slices"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// prompt is a training problem in tokens.
type prompt struct {
	task.Problem
	tokens []int32
}

func encode(t task.Task, problems []task.Problem) []prompt {
	prompts := make([]prompt, len(problems))
	for i, p := range problems {
		prompts[i] = prompt{p, t.MustEncode(p.Prompt)}
	}
	return prompts
}

// expert writes demonstrations. It writes the same demonstration for a prompt every time.
type expert struct {
	task    task.Task
	values  param.Values // has the style of the demonstrations and the share of wrong ones
	streams streams
}

// demonstrate returns the demonstration for training prompt i. With the setting wrong it may be a
// wrong one.
func (e expert) demonstrate(p prompt, i int) *rollout.Sequence {
	return e.sequence(p, e.spoil(p.Problem, i, e.write(demonstrateStream, p, i)))
}

// rehearse returns the demonstration for prompt i of the prior skill.
func (e expert) rehearse(p prompt, i int) *rollout.Sequence {
	return e.sequence(p, e.write(priorStream, p, i))
}

// write returns the expert's own tokens for a prompt, End included.
func (e expert) write(of stream, p prompt, i int) []int32 {
	r := e.streams.ofLane(of, uint64(i))
	text := e.task.Demonstrate(&r, p.Problem, e.values)
	return e.task.PolicyTokens(p.Problem, append(e.task.MustEncode(text), task.End))
}

// sequence returns a demonstration made of the expert's own tokens and the world's replies to them.
func (e expert) sequence(p prompt, own []int32) *rollout.Sequence {
	response, at := e.task.PlayTurns(p.Problem, own)
	s := &rollout.Sequence{
		Completion: objective.Completion{Source: objective.Demo, Reward: 1},
		Problem:    p.Problem, Prompt: p.tokens, Response: response, PolicyAt: at, ScoredAt: -1,
	}
	s.Logp = make([]float64, s.PolicyLen())
	return s
}

// spoil returns a wrong response for the share of prompts that the setting wrong asks for, and the
// response itself for the others.
func (e expert) spoil(p task.Problem, i int, response []int32) []int32 {
	r := e.streams.ofLane(wrongStream, uint64(i))
	if !e.values.Has("wrong") || r.Float64() >= e.values.Float("wrong") {
		return response
	}
	return slip(e.task, p, response, &r)
}

// slip returns a copy of a right response with some symbols replaced, so that the verifier rejects
// it. It tries several times with one replacement, then with two, and so on.
func slip(t task.Task, p task.Problem, response []int32, r *num.Rand) (wrong []int32) {
	const triesEach, mostSlips = 8, 64
	if len(response) == 1 {
		response = []int32{0, task.End}
	}
	for attempt := range triesEach * mostSlips {
		wrong = slices.Clone(response)
		for range 1 + attempt/triesEach {
			wrong[r.IntN(len(wrong)-1)] = 1 + int32(r.IntN(t.Vocab()-1))
		}
		if played, _ := t.PlayTurns(p, wrong); t.Score(p, played) < 0.5 {
			break
		}
	}
	return wrong
}
