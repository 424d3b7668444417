package eval

import (
	"slices"

	"posttrain/core/method"
	"posttrain/core/model"
	"posttrain/core/protocol"
	"posttrain/core/reward"
	"posttrain/core/rollout"
	"posttrain/core/task"
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
	told told // by the base about its own responses at the first level; empty before that level is measured for the first time
}

type levelSuite struct {
	name     string
	problems []task.Problem
	prompts  [][]int32
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

// Measure returns the metrics of the i-th level and the responses they were
// measured on, sampled at temperature 1.
func (s *Suite) Measure(n *model.Network, i int) ([]protocol.Metric, []*rollout.Sequence) {
	own, greedy := s.respond(n, i)
	sampled := own.sequences
	tokens, entropy, earned := lengths(sampled), 0.0, 0.0
	for _, seq := range sampled {
		earned += seq.Reward
		for _, h := range seq.Entropy {
			entropy += h
		}
	}
	name := "eval/" + s.levels[i].name + "/"
	metrics := []protocol.Metric{
		{Name: name + "accuracy", Value: Accuracy(sampled)},
		{Name: name + "accuracy_greedy", Value: Accuracy(greedy)},
		{Name: name + "reward", Value: earned / float64(len(sampled))},
		{Name: name + "entropy_nats", Value: entropy / float64(tokens)},
		{Name: name + "response_tokens", Value: float64(tokens) / float64(len(sampled))},
		{Name: name + "calibration_error", Value: Calibration(sampled)},
	}
	metrics = append(metrics, s.abstentions(name, sampled)...)
	if i == 0 {
		s.needBase(n, own)
		metrics = append(metrics, s.distances(name, n, own)...)
	}
	return metrics, sampled
}

// needBase fills in s.told when it is empty. own is what n has just responded at the first level: the base's own responses if n
// has the base's weights, as it does at the start of a run, so that a run does not sample them twice before its first update.
func (s *Suite) needBase(n *model.Network, own told) {
	switch {
	case s.told.sequences != nil:
	case slices.Equal(n.Data, s.base.Data):
		s.told = own
	default:
		s.told, _ = s.respond(s.base, 0)
	}
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
	return func(i int, response []int32) []int32 { return t.Answer(problems[i], response) }
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

// right responses earn the full reward.
func right(s *rollout.Sequence) bool { return s.Reward >= 1 }

// respond samples a response to each prompt of a level and decodes another greedily; the two share their prompt. Of the first
// level's it keeps what the sampled tokens were drawn from.
func (s *Suite) respond(n *model.Network, level int) (sampled told, greedy []*rollout.Sequence) {
	l := s.levels[level]
	responses := s.sampler.Sample(n, rollout.Request{
		Prompts: l.prompts, Group: 2, Greedy: 1, MaxResponse: s.task.MaxResponse, Temp: 1, World: World(s.task, l.problems), Dists: level == 0,
		Seed: s.seed, Purpose: "evaluate", Name: s.task.Name + "/" + l.name,
	})
	both := make([]*rollout.Sequence, len(responses))
	for i, r := range responses {
		both[i] = &rollout.Sequence{
			Completion: method.Completion{Source: method.Rollout, Logp: r.Logp, Entropy: r.Entropy},
			Problem:    l.problems[i/2], Prompt: l.prompts[i/2], Response: r.Tokens, At: r.At,
		}
		if i%2 == 0 {
			sampled.sequences = append(sampled.sequences, both[i])
			sampled.logp, sampled.probs = append(sampled.logp, r.LogDist), append(sampled.probs, r.Dist)
		} else {
			greedy = append(greedy, both[i])
		}
	}
	reward.Verify(s.task, both)
	return sampled, greedy
}
