package eval

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// Suite measures policies on one task's held-out prompts. The same seed samples
// with the same random numbers every time, so two policies, or one policy at two
// steps, are compared on equal luck.
type Suite struct {
	task    task.Task
	seed    uint64
	sampler *rollout.Sampler
	scorer  *rollout.Scorer
	levels  []levelSuite

	base *model.Network
	told told // by the base about its own responses at the first level, once a policy has been measured there
}

type levelSuite struct {
	name     string
	problems []task.Problem
	prompts  [][]int32
}

// part is the next prompts of a level, from one on and at most so many.
func (l levelSuite) part(from, most int) levelSuite {
	to := min(from+max(1, most), len(l.prompts))
	return levelSuite{l.name, l.problems[from:to], l.prompts[from:to]}
}

// NewSuite prepares prompts held-out prompts per level of t. base is what KL is
// measured from.
func NewSuite(t task.Task, base *model.Network, prompts int, seed uint64, workers int) *Suite {
	s := &Suite{task: t, seed: seed, base: base, sampler: rollout.NewSampler(base.Config, workers), scorer: rollout.NewScorer(base.Config, workers)}
	for _, l := range t.Levels {
		ls := levelSuite{name: l.Name, problems: t.EvalPrompts(l.Name, prompts)}
		for _, p := range ls.problems {
			ls.prompts = append(ls.prompts, t.MustEncode(p.Prompt))
		}
		s.levels = append(s.levels, ls)
	}
	return s
}

// Levels is how many levels there are to measure.
func (s *Suite) Levels() int { return len(s.levels) }

// Measure returns the metrics of the i-th level and the responses they were measured on: a whole [Measurement] at once.
func (s *Suite) Measure(n *model.Network, i int) ([]protocol.Metric, []*rollout.Sequence) {
	m := s.Measurement(i)
	for !m.Advance(n) {
	}
	return m.Metrics()
}

// Look returns the problem of one of a level's held-out prompts and responses to it, sampled at temperature 1. The same
// numbers draw them every time.
func (s *Suite) Look(n *model.Network, level, prompt, samples int) (task.Problem, []rollout.Response) {
	l := s.levels[level]
	return l.problems[prompt], s.sampler.Sample(n, rollout.Request{
		Prompts: l.prompts[prompt : prompt+1], Group: samples, MaxResponse: s.task.MaxResponse, Temp: 1,
		World: World(s.task, l.problems[prompt:prompt+1]),
		Seed:  s.seed, Purpose: "look", Name: s.task.Name + "/" + l.name, Index: uint64(prompt),
	})
}

// Ask returns responses to a prompt that somebody wrote, the first one greedy, the others sampled at temperature 1. The same
// numbers draw them every time.
func (s *Suite) Ask(n *model.Network, prompt string, samples int) []rollout.Response {
	var asked rollout.World // nobody answers to what is no problem
	if p, ok := s.task.Read(prompt); ok {
		asked = World(s.task, []task.Problem{p})
	}
	responses := s.sampler.Sample(n, rollout.Request{
		Prompts: [][]int32{s.task.MustEncode(prompt)}, Group: samples, Greedy: 1, MaxResponse: s.task.MaxResponse, Temp: 1, World: asked,
		Seed: s.seed, Purpose: "ask", Name: s.task.Name + "/" + prompt,
	})
	greedy := responses[samples-1]
	return append([]rollout.Response{greedy}, responses[:samples-1]...)
}

// World is that of a task as the sampler asks it, for responses to these problems; nil of a task without one.
func World(t task.Task, problems []task.Problem) rollout.World {
	if t.World == nil {
		return nil
	}
	return func(i int, response []int32) []int32 { return t.Reply(problems[i], response) }
}

// Accuracy is the share of right responses.
func Accuracy(sequences []*rollout.Sequence) float64 {
	count := 0
	for _, s := range sequences {
		if right(s) {
			count++
		}
	}
	return float64(count) / float64(len(sequences))
}

// right reports whether a response has earned the full reward.
func right(s *rollout.Sequence) bool { return task.Right(s.Reward) }
