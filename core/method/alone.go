package method

import (
	"reflect"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// ComparesWithNone reports whether at these settings each prompt is answered once, and the method
// learns from a reward only by comparing the answers to one prompt. No reward then has an effect.
func (m Method) ComparesWithNone(v param.Values) bool {
	c := m.Collect(v)
	if c.Group != 1 {
		return false
	}
	return c.Label == objective.InPairs || !m.heedsRewards(v, c, 1) && m.heedsRewards(v, c, 2)
}

// heedsRewards reports whether coefficients depend on the rewards of groups of n rollouts.
func (m Method) heedsRewards(v param.Values, c objective.Collect, n int) bool {
	coeffs := func(rewards ...float64) objective.Coeffs {
		batch := rewarded(c, n, rewards)
		out := objective.NewCoeffs(batch)
		m.Build(v).Add(out, batch)
		return out
	}
	return !reflect.DeepEqual(coeffs(0, 0, 0), coeffs(0, 1, 0.5))
}

// rewarded returns a batch of two prompts with n rollouts each, and with the other completions that
// the method collects. The rollouts have these rewards in turn, and are alike otherwise.
func rewarded(c objective.Collect, n int, rewards []float64) []objective.Group {
	batch := make([]objective.Group, 2)
	at := 0
	for g := range batch {
		for range n {
			batch[g] = append(batch[g], alike(objective.Rollout, rewards[at%len(rewards)]))
			at++
		}
		for range c.Greedy {
			batch[g] = append(batch[g], alike(objective.Greedy, 0.5))
		}
		for range c.Demos {
			batch[g] = append(batch[g], alike(objective.Demo, 1))
		}
	}
	return batch
}

// alike returns a completion of two tokens with all fields, of a vocabulary of two.
func alike(source objective.Source, reward float64) *objective.Completion {
	const logHalf = -0.6931471805599453
	c := &objective.Completion{Source: source, Reward: reward}
	for _, f := range c.Fields() {
		*f.Values = []float64{logHalf, logHalf}
		if f.Need&(objective.Dist|objective.RefDist|objective.TeacherDist) != 0 {
			*f.Values = []float64{logHalf, logHalf, logHalf, logHalf}
		}
	}
	return c
}
