package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// Mix is imitation and reward in one weighted sum: the baseline "RL with SFT loss" of Huang et
// al. 2025, arXiv:2507.01679.
var Mix = Method{
	Name:    "mix",
	Title:   "Imitation and reward in one weighted sum",
	Cite:    "the baseline \"RL with SFT loss\" of Huang et al. 2025, arXiv:2507.01679",
	Family:  "hybrid",
	Formula: "J = (1−mu)·J_grpo + mu·J_sft",
	Doc: `Does both at every step: it samples a group of answers to each prompt and learns from their reward as grpo
does, and imitates the expert's answer to the same prompt. The sum is always the same, whether the model needs help or
not: the expert keeps pulling long after the model has found a better way of its own. It needs demonstrations and a
verifier. It is the plain mixture that every cleverer one has to beat.`,
	Knobs:   knob.Blend(),
	Apart:   "it is the sum of two rows, one on demonstrations and one on rollouts",
	Collect: objective.CollectWithDemos,
	Build: func(v param.Values) objective.Objective {
		return objective.Blend(v, v.Float("mu"), objective.SeqMean,
			objective.Row{From: objective.Demo, Reduce: objective.TokenMean})
	},
}
