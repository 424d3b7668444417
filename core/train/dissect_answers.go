package train

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

const (
	// tried is how many answers to a prompt are sampled before and after an update to find likely
	// ones.
	tried = 32
	// mostAnswers is how many of the likeliest answers are reported, besides those of the group.
	mostAnswers = 8
)

// answers returns likely answers to the prompt of a group and the group's own completions, with
// their probabilities under the network before an update and under the policy now.
func (s *Session) answers(group rollout.Group, before *model.Network) []protocol.Answer {
	different, learned := s.differentAnswers(group, before)
	then, now := s.probabilities(before, different), s.probabilities(s.policy.network, different)
	all := make([]protocol.Answer, len(different))
	for i, seq := range different {
		sample := s.sample(seq.Problem, seq.Response)
		all[i] = protocol.Answer{Response: sample.Response, Finished: sample.Finished,
			Reward: sample.Reward, Mark: sample.Mark, Learned: i < learned,
			Before: then[i], After: now[i]}
	}
	slices.SortStableFunc(all, func(a, b protocol.Answer) int {
		return cmp.Compare(max(b.Before, b.After), max(a.Before, a.After))
	})
	shown := 0
	return slices.DeleteFunc(all, func(a protocol.Answer) bool {
		shown++
		return shown > mostAnswers && !a.Learned
	})
}

// differentAnswers returns the different completions of a group, and then different answers to its
// prompt that were sampled before and after an update. learned is how many are the group's.
func (s *Session) differentAnswers(group rollout.Group, before *model.Network) (
	different []*rollout.Sequence, learned int) {
	met := map[string]bool{}
	add := func(tokens []int32, at []int) {
		if key := fmt.Sprint(tokens); !met[key] {
			met[key] = true
			different = append(different, &rollout.Sequence{
				Completion: objective.Completion{Source: objective.Rollout},
				Problem:    group[0].Problem, Prompt: group[0].Prompt, Response: tokens,
				PolicyAt: at,
			})
		}
	}
	for _, seq := range group {
		if seq.Source != objective.Greedy {
			add(seq.Response, seq.PolicyAt)
		}
	}
	learned = len(different)
	for _, n := range []*model.Network{before, s.policy.network} {
		for _, r := range s.suite.Ask(n, group[0].Problem.Prompt, tried) {
			add(r.Tokens, r.PolicyAt)
		}
	}
	return different, learned
}

// probabilities returns the probability of the policy's own tokens of each sequence under a
// network.
func (s *Session) probabilities(n *model.Network, sequences []*rollout.Sequence) []float64 {
	all, vocab := make([]float64, len(sequences)), n.Config.Vocab
	s.scorer.Each(n, sequences, func(i int, logp, _ []float32) {
		sum := 0.0
		for t, token := range sequences[i].PolicyTokens() {
			sum += float64(logp[t*vocab+int(token)])
		}
		all[i] = num.Exp(sum)
	})
	return all
}
