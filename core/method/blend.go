package method

import "posttrain/core/param"

// blendKnobs are the settings of GRPO beside imitation.
func blendKnobs(own ...param.Knob) []param.Knob {
	return proximalKnobs(append([]param.Knob{knob.Mu}, own...)...)
}

// blend is (1−mu)·GRPO + mu·imitation, the imitation being a row on demonstrations.
func blend(v param.Values, mu float64, imitation Row) Sum {
	reward := proximal(v, Row{Advantage: InGroup(Rollout, earned(v, Reward), ZScore), Reduce: SeqMean})
	sum := Sum{{1 - mu, reward[0].Objective}, {mu, imitation}}
	for _, o := range reward[1:] {
		sum = append(sum, Weighted{(1 - mu) * o.Weight, o.Objective})
	}
	return sum
}

// union are the sources of a prompt's answers when a demonstration is one of them.
var union = []Source{Rollout, Demo}
