package eval

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/rollout"
)

// Measurement measures a policy at one level, some prompts at a time, so that no part of it takes long.
type Measurement struct {
	suite   *Suite
	level   int
	own     told // by the policy about its own responses
	greedy  []*rollout.Sequence
	forward divergence // KL(base‖policy) on the base's responses
	reverse divergence // KL(policy‖base) on some of the policy's own
}

// Measurement begins to measure the i-th level.
func (s *Suite) Measurement(i int) *Measurement { return &Measurement{suite: s, level: i} }

// Advance does the next part of the measurement of n, which must be the same at every call, and reports whether that was the last.
func (m *Measurement) Advance(n *model.Network) (done bool) {
	s := m.suite
	prompts := len(s.levels[m.level].prompts)
	switch {
	case len(m.own.sequences) < prompts:
		own, greedy := s.respond(n, m.level, len(m.own.sequences))
		m.own.add(own)
		m.greedy = append(m.greedy, greedy...)
		return m.level > 0 && len(m.own.sequences) == prompts
	case len(s.told.sequences) == 0 && slices.Equal(n.Data, s.base.Data):
		s.told = m.own // at the start of a run the policy is the base, whose responses are the same and need no second sampling
	case len(s.told.sequences) < prompts:
		told, _ := s.respond(s.base, m.level, len(s.told.sequences))
		s.told.add(told)
	case m.forward.of < prompts:
		m.forward.add(s, s.told, n)
	default:
		m.reverse.add(s, m.own.first(ownPrompts), s.base)
		return m.reverse.of == min(ownPrompts, prompts)
	}
	return false
}

// Metrics returns those of the level, once the measurement is done, with the responses that they were
// measured on, sampled at temperature 1.
func (m *Measurement) Metrics() ([]protocol.Metric, []*rollout.Sequence) {
	of := responses{m.own.sequences, m.greedy}
	at := m.suite.levels[m.level].name
	var metrics []protocol.Metric
	for _, d := range measured {
		if d.of != nil {
			name := strings.Replace(d.Name, level, at, 1)
			metrics = append(metrics, protocol.Metric{Name: name, Value: d.of(of)})
		}
	}
	name := "eval/" + at + "/"
	metrics = append(metrics, m.suite.abstentions(name, of.sampled)...)
	if m.level == 0 {
		metrics = append(metrics, m.distances(name)...)
	}
	return metrics, of.sampled
}

func meanReward(r responses) float64 {
	earned := 0.0
	for _, seq := range r.sampled {
		earned += seq.Reward
	}
	return earned / float64(len(r.sampled))
}

func meanEntropy(r responses) float64 {
	entropy := 0.0
	for _, seq := range r.sampled {
		for _, h := range seq.Entropy {
			entropy += h
		}
	}
	return entropy / float64(lengths(r.sampled))
}

func meanTokens(r responses) float64 {
	return float64(lengths(r.sampled)) / float64(len(r.sampled))
}

// respond samples a response to each of the next prompts of a level, from one on, and decodes another greedily; the two share their
// prompt. Of the first level's it keeps what the sampled tokens were drawn from.
func (s *Suite) respond(n *model.Network, level, from int) (sampled told, greedy []*rollout.Sequence) {
	l := s.levels[level].part(from, s.sampler.Rows()/2)
	responses := s.sampler.Sample(n, rollout.Request{
		Prompts: l.prompts, Group: 2, Greedy: 1, MaxResponse: s.task.MaxResponse, Temp: 1, World: World(s.task, l.problems), Dists: level == 0,
		Seed: s.seed, Purpose: "evaluate", Name: s.task.Name + "/" + l.name, First: from,
	})
	both := make([]*rollout.Sequence, len(responses))
	for i, r := range responses {
		both[i] = &rollout.Sequence{
			Completion: objective.Completion{Source: objective.Rollout, Logp: r.Logp, Entropy: r.Entropy},
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
