package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// SPIN is Self-Play Fine-Tuning: Chen et al. 2024, arXiv:2401.01335.
var SPIN = Method{
	Name:   "spin",
	Title:  "Self-Play Fine-Tuning",
	Cite:   "Chen et al. 2024, arXiv:2401.01335, and its code",
	Family: "preference",
	Formula: "J = mean over pairs of log σ(β·[log π/π_ref(chosen) − log π/π_ref(rejected)]), " +
		"chosen = the demonstration, rejected = an answer of π_ref itself",
	Doc: `dpo without anybody who judges: in every pair the better answer is the expert's demonstration, and the worse
one is what the model itself wrote when the stage started. So demonstrations do more than in plain imitation:
besides what to say, they teach what to stop saying. It ends where the model's own answers can no longer be told
from the demonstrations. It needs demonstrations, a copy of the starting model and one sampling of all training
prompts, and neither labels nor a verifier. Further rounds are stages that follow each other, each against the answers
of the model it starts from. It never becomes better than the expert, and it also pushes down right answers
that are worded otherwise than the expert's.`,
	Deviations: `The paper has several rounds and mixes the answers of the last two; here a round is a stage, with its own answers alone.
In the paper the model has been fine-tuned on the same demonstrations before.`,
	Unverified: "the number of the equation; the formula is taken from the authors' code",
	Knobs: []param.Knob{knob.LR.With(1e-4), knob.Batch, knob.Group.With(1), knob.Temp,
		knob.Tempered.With(false), knob.Sharpness},
	Apart: "it compares two answers: a push depends on the pair and not on one answer",
	Collect: func(v param.Values) objective.Collect {
		return objective.Collect{Group: v.Int("group"), Epochs: 1,
			Label: objective.AgainstDemo, Buffer: &objective.Buffer{}}
	},
	Build: func(v param.Values) objective.Objective {
		return objective.Pairwise{Score: objective.ImplicitReward(v.Float("beta")),
			Slope: objective.PreferenceSlope(0), Requires: objective.Logp | objective.RefLogp}
	},
}
