package eval

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// Suite measures policies on the held-out prompts of one task. It samples with the same random
// numbers every time, so a comparison of two policies, or of one policy at two steps, is not
// blurred by luck.
type Suite struct {
	task    task.Task
	seed    uint64
	sampler *rollout.Sampler
	scorer  *rollout.Scorer
	levels  []levelSuite

	base *model.Network
	// baseDists are the base's on its own responses to the first level's prompts. They are empty
	// before the first measurement.
	baseDists distributions
}

type levelSuite struct {
	name     string
	problems []task.Problem
	prompts  [][]int32
}

// part returns the next prompts of a level: at most most of them, starting at prompt from.
func (l levelSuite) part(from, most int) levelSuite {
	to := min(from+max(1, most), len(l.prompts))
	return levelSuite{l.name, l.problems[from:to], l.prompts[from:to]}
}

// NewSuite returns a suite for t with a number of held-out prompts for each level. KL is measured
// from base.
func NewSuite(t task.Task, base *model.Network, prompts int, seed uint64, workers int) *Suite {
	s := &Suite{task: t, seed: seed, base: base, sampler: rollout.NewSampler(base.Config, workers),
		scorer: rollout.NewScorer(base.Config, workers)}
	for _, l := range t.Levels {
		ls := levelSuite{name: l.Name, problems: t.EvalPrompts(l.Name, prompts)}
		for _, p := range ls.problems {
			ls.prompts = append(ls.prompts, t.MustEncode(p.Prompt))
		}
		s.levels = append(s.levels, ls)
	}
	return s
}

// Levels returns the number of levels.
func (s *Suite) Levels() int { return len(s.levels) }

// Measure returns the metrics of level i and the responses that they were measured on. It makes a
// whole [Measurement] at once.
func (s *Suite) Measure(n *model.Network, i int) ([]protocol.Metric, []*rollout.Sequence) {
	m := s.Measurement(i)
	for !m.Advance(n) {
	}
	return m.Metrics()
}

// Look returns one of a level's held-out problems and responses to it, sampled at temperature 1
// with the same random numbers every time.
func (s *Suite) Look(n *model.Network, level, prompt, samples int) (task.Problem,
	[]rollout.Response) {
	l := s.levels[level]
	return l.problems[prompt], s.sampler.Sample(n, rollout.Request{
		Prompts: l.prompts[prompt : prompt+1], Group: samples, MaxResponse: s.task.MaxResponse,
		Temp:  1,
		World: World(s.task, l.problems[prompt:prompt+1]),
		Seed:  s.seed, Purpose: "look", Name: s.task.Name + "/" + l.name, Index: uint64(prompt),
	})
}

// Ask returns responses to a prompt that the user wrote: the first one greedy, the others sampled
// at temperature 1 with the same random numbers every time.
func (s *Suite) Ask(n *model.Network, prompt string, samples int) []rollout.Response {
	var asked rollout.World // stays nil if the prompt is not a problem of the task
	prompt = s.task.Canonical(prompt)
	if p, ok := s.task.Read(prompt); ok {
		asked = World(s.task, []task.Problem{p})
	}
	responses := s.sampler.Sample(n, rollout.Request{
		Prompts: [][]int32{s.task.MustEncode(prompt)}, Group: samples, Greedy: 1,
		MaxResponse: s.task.MaxResponse, Temp: 1, World: asked,
		Seed: s.seed, Purpose: "ask", Name: s.task.Name + "/" + prompt,
	})
	greedy := responses[samples-1]
	return append([]rollout.Response{greedy}, responses[:samples-1]...)
}

// World returns the replies of a task's world to responses to these problems, in the form the
// sampler takes. It is nil if the task has no world.
func World(t task.Task, problems []task.Problem) rollout.World {
	if t.World == nil {
		return nil
	}
	return func(i int, response []int32) []int32 { return t.Reply(problems[i], response) }
}

// Accuracy returns the share of right responses.
func Accuracy(sequences []*rollout.Sequence) float64 {
	count := 0
	for _, s := range sequences {
		if right(s) {
			count++
		}
	}
	return float64(count) / float64(len(sequences))
}

// right reports whether a response has the full reward.
func right(s *rollout.Sequence) bool { return task.Right(s.Reward) }
