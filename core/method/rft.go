package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// RFT is rejection-sampling fine-tuning: Yuan et al. 2023, arXiv:2308.01825.
var RFT = Method{
	Name:   "rft",
	Title:  "Rejection-sampling fine-tuning",
	Cite:   "Yuan et al. 2023, arXiv:2308.01825",
	Family: "imitation",
	Formula: "J = (1/N) Σ_i 1[r_i = 1] Σ_t log π(a_it|s_it), over rollouts sampled once, " +
		"before training",
	Doc: `Samples a few answers to every training prompt before it starts, keeps those that the verifier calls fully
right, and imitates them like demonstrations. It needs a verifier and no expert. Because it imitates what the model
could already write, it changes the model gently and forgets little. It cannot learn a problem that the model never
solves, and it learns nothing from wrong answers.`,
	Deviations: `The paper keeps only answers whose reasoning differs from those kept before; here every right answer is
kept. Answers with partial credit count as wrong.`,
	Knobs: []param.Knob{knob.LR, knob.Batch.With(64), knob.Group.With(4), knob.Temp,
		knob.Tempered.With(false)},
	Dials:   "advantage=right,denominator=policy,average=tokens",
	Besides: "all answers are sampled once, before training, and only right ones are kept",
	Collect: func(v param.Values) objective.Collect {
		return objective.Collect{Group: v.Int("group"), Epochs: 1,
			Buffer: &objective.Buffer{Keep: objective.Correct}}
	},
	Build: func(param.Values) objective.Objective {
		return objective.Row{From: objective.Rollout, Advantage: objective.IfCorrect,
			Reduce: objective.TokenMean}
	},
}
