package train

import (
	"cmp"
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/gradient"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// distributions has the distributions from which the policy's tokens of a sequence are drawn.
type distributions struct {
	logp, probs []float32 // (T,V)
}

// at returns the distribution (V) of the policy's token t.
func (d distributions) at(t, vocab int) (logp, probs []float32) {
	return d.logp[t*vocab : (t+1)*vocab], d.probs[t*vocab : (t+1)*vocab]
}

// distributions returns the distributions of sequences under a network.
func (s *Session) distributions(n *model.Network, sequences []*rollout.Sequence) []distributions {
	all := make([]distributions, len(sequences))
	s.scorer.Each(n, sequences, func(i int, logp, probs []float32) {
		all[i] = distributions{slices.Clone(logp), slices.Clone(probs)}
	})
	return all
}

// addPlaces adds to a sample what an update did at each token of its sequence. then has the
// distributions before the update, and now those after it.
func (s *Session) addPlaces(sample *protocol.Sample, seq *rollout.Sequence, c objective.Coeff,
	then, now distributions) {
	vocab, own, n := s.policy.Config.Vocab, seq.PolicyTokens(), len(seq.Response)
	names := append([]string{""}, s.lane.Task.Symbols()...) // by token
	dz, ref := make([]float32, vocab), make([]float32, vocab)
	places, logps := make([]protocol.Place, len(own)), make([]float64, len(own))
	for t, token := range own {
		logp, probs := then.at(t, vocab)
		logpNow, probsNow := now.at(t, vocab)
		gradient.AtLogits(dz, ref, logp, probs, seq, c, t)
		place := protocol.Place{After: float64(logpNow[token]), Entropy: c.Entropy[t],
			KL: c.ExactKL[t], Critic: c.Value[t]}
		if t < len(seq.OldValue) {
			place.Value = seq.OldValue[t]
		}
		for _, v := range worthShowing(probs, probsNow, dz, int(token)) {
			place.Symbols = append(place.Symbols, protocol.Symbol{Text: names[v],
				Own: v == int(token), Before: float64(probs[v]), After: float64(probsNow[v]),
				Push: float64(dz[v])})
		}
		places[t], logps[t] = place, float64(logp[token])
	}
	sample.Places = rollout.Scatter(seq.PolicyAt, places, n)
	sample.Logp = rollout.Scatter(seq.PolicyAt, logps, n)
	if seq.HintLen > 0 {
		sample.Given = seq.ResponseIndex(seq.HintLen-1) + 1
	}
}

// worthShowing returns the tokens of a vocabulary to show at a place: the likeliest before or after
// the update, the ones pushed most up and most down, and the place's own. The likeliest come first.
func worthShowing(before, after, push []float32, own int) []int {
	const likeliest, pushed = 5, 2
	all := make([]int, len(before))
	for v := range all {
		all[v] = v
	}
	chosen := make([]bool, len(all))
	choose := func(n int, by func(v int) float32) {
		slices.SortStableFunc(all, func(v, w int) int { return cmp.Compare(by(w), by(v)) })
		for _, v := range all[:min(n, len(all))] {
			chosen[v] = true
		}
	}
	chosen[own] = true
	choose(pushed, func(v int) float32 { return float32(math.Abs(float64(push[v]))) })
	choose(likeliest, func(v int) float32 { return max(before[v], after[v]) })
	return slices.DeleteFunc(all, func(v int) bool { return !chosen[v] })
}
