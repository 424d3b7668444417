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

// Measurement measures a policy at one level. It does so in parts of a few prompts each, so that no
// call takes long.
type Measurement struct {
	suite    *Suite
	level    int
	ownDists distributions // the policy's, on its own responses
	greedy   []*rollout.Sequence
	forward  divergence // KL(base‖policy) on the base's responses
	reverse  divergence // KL(policy‖base) on some of the policy's own
}

// Measurement returns a new measurement of level i, of which nothing is done yet.
func (s *Suite) Measurement(i int) *Measurement { return &Measurement{suite: s, level: i} }

// Advance measures n on the next prompts and reports whether they were the last. n must be the same
// network at every call.
func (m *Measurement) Advance(n *model.Network) (done bool) {
	s := m.suite
	prompts := len(s.levels[m.level].prompts)
	switch {
	case len(m.ownDists.sequences) < prompts:
		own, greedy := s.respond(n, m.level, len(m.ownDists.sequences))
		m.ownDists.add(own)
		m.greedy = append(m.greedy, greedy...)
		return m.level > 0 && len(m.ownDists.sequences) == prompts
	case len(s.baseDists.sequences) == 0 && slices.Equal(n.Data, s.base.Data):
		// At the start of a run the policy is the base: its responses need not be sampled twice.
		s.baseDists = m.ownDists
	case len(s.baseDists.sequences) < prompts:
		more, _ := s.respond(s.base, m.level, len(s.baseDists.sequences))
		s.baseDists.add(more)
	case m.forward.done < prompts:
		m.forward.add(s, s.baseDists, n)
	default:
		m.reverse.add(s, m.ownDists.first(ownPrompts), s.base)
		return m.reverse.done == min(ownPrompts, prompts)
	}
	return false
}

// Metrics returns the metrics of the level and the responses, sampled at temperature 1, that they
// were measured on. The measurement must be done.
func (m *Measurement) Metrics() ([]protocol.Metric, []*rollout.Sequence) {
	of := responses{m.ownDists.sequences, m.greedy}
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
	rewards := 0.0
	for _, seq := range r.sampled {
		rewards += seq.Reward
	}
	return rewards / float64(len(r.sampled))
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

// respond samples a response to each of the next prompts of a level, starting at prompt from, and
// decodes another greedily; the two share their prompt. At the first level it also returns the
// distributions that the sampled tokens were drawn from.
func (s *Suite) respond(n *model.Network, level, from int) (sampled distributions,
	greedy []*rollout.Sequence) {
	l := s.levels[level].part(from, s.sampler.Rows()/2)
	responses := s.sampler.Sample(n, rollout.Request{
		Prompts: l.prompts, Group: 2, Greedy: 1, MaxResponse: s.task.MaxResponse, Temp: 1,
		World: World(s.task, l.problems), Dists: level == 0,
		Seed: s.seed, Purpose: "evaluate", Name: s.task.Name + "/" + l.name, First: from,
	})
	both := make([]*rollout.Sequence, len(responses))
	for i, r := range responses {
		both[i] = &rollout.Sequence{
			Completion: objective.Completion{Source: objective.Rollout, Logp: r.Logp,
				Entropy: r.Entropy},
			Problem: l.problems[i/2], Prompt: l.prompts[i/2], Response: r.Tokens,
			PolicyAt: r.PolicyAt,
		}
		if i%2 == 0 {
			sampled.sequences = append(sampled.sequences, both[i])
			sampled.logp, sampled.probs = append(sampled.logp, r.LogDist), append(sampled.probs,
				r.Dist)
		} else {
			greedy = append(greedy, both[i])
		}
	}
	reward.Verify(s.task, both)
	return sampled, greedy
}
