package objective

import "github.com/posttrain/posttrain/core/param"

// Blend returns (1−mu)·GRPO + mu·imitation. GRPO takes its settings from v and averages as
// reduce says; imitation is a row on demonstrations.
func Blend(v param.Values, mu float64, reduce Reduce, imitation Row) Sum {
	reward := Proximal(v, Row{Advantage: InGroup(Rollout, PenalisedReward(v, Reward), ZScore),
		Reduce: reduce})
	sum := Sum{{1 - mu, reward[0].Objective}, {mu, imitation}}
	for _, o := range reward[1:] {
		sum = append(sum, Weighted{(1 - mu) * o.Weight, o.Objective})
	}
	return sum
}

// RolloutsAndDemos returns the sources of a prompt's answers if a demonstration counts as one of
// them.
func RolloutsAndDemos() []Source { return []Source{Rollout, Demo} }
