package method

import "posttrain/core/param"

// blendKnobs are the settings of GRPO beside imitation.
func blendKnobs(own ...param.Knob) []param.Knob {
	return proximalKnobs(append([]param.Knob{knob.Mu}, own...)...)
}

// blend is (1−mu)·GRPO + mu·imitation, the imitation being a row on demonstrations.
func blend(v param.Values, mu float64, imitation Row) Sum {
	r := clipping(v, Row{Advantage: InGroup(Rollout, Reward, ZScore), KL: v.Float("beta"), Reduce: SeqMean})
	return Sum{{1 - mu, r}, {mu, imitation}, {(1 - mu) * v.Float("entropy"), EntropyBonus{SeqMean}}}
}

// union are the sources of a prompt's answers when a demonstration is one of them.
var union = []Source{Rollout, Demo}
