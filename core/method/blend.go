package method

import "posttrain/core/param"

// blendKnobs are the settings of GRPO beside imitation.
func blendKnobs(own ...param.Knob) []param.Knob {
	return proximalKnobs(append([]param.Knob{knob.Mu}, own...)...)
}

// averageKnob is how CHORD averages what it learns from reward.
var averageKnob = param.Choice("average", "tokens", []string{"tokens", "answers"},
	"How the part that learns from reward is averaged. tokens: over the tokens of all rollouts, so that long answers weigh more. answers: over the tokens of each answer and then over answers, as grpo does.")

// chordDeviations are those of both forms of CHORD.
const chordDeviations = `By default the part that learns from reward is averaged over tokens, as in the authors' code (mix_chord of
Trinity-RFT); average=answers takes GRPO's own average. That code also leaves alone a token of a bad answer that has become
more than three times as likely as when it was sampled; here nothing does.`

// average is the setting of averageKnob.
func average(v param.Values) Reduce {
	if v.Choice("average") == "answers" {
		return SeqMean
	}
	return TokenMean
}

// blend is (1−mu)·GRPO + mu·imitation, the former averaged as reduce says, the imitation being a row on demonstrations.
func blend(v param.Values, mu float64, reduce Reduce, imitation Row) Sum {
	reward := proximal(v, Row{Advantage: InGroup(Rollout, earned(v, Reward), ZScore), Reduce: reduce})
	sum := Sum{{1 - mu, reward[0].Objective}, {mu, imitation}}
	for _, o := range reward[1:] {
		sum = append(sum, Weighted{(1 - mu) * o.Weight, o.Objective})
	}
	return sum
}

// union are the sources of a prompt's answers when a demonstration is one of them.
var union = []Source{Rollout, Demo}
