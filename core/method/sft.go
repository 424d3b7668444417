package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// SFT is supervised fine-tuning: Ouyang et al. 2022, arXiv:2203.02155, section 3.5.
var SFT = Method{
	Name:   "sft",
	Title:  "Supervised fine-tuning",
	Cite:   "Ouyang et al. 2022, arXiv:2203.02155, section 3.5",
	Family: "imitation",
	Formula: "J = (1/N) Σ_i Σ_t log π(a_it|s_it), over the N tokens of all demonstrations " +
		"in the batch",
	Doc: `Makes every token of an expert's answer likelier, given the tokens before it. It needs demonstrations, and no
verifier: it never asks whether an answer is right, only whether the expert would have written it. It learns fast and
works from a model that cannot do the task at all. It learns nothing from its own mistakes, since it only ever sees the
expert's prefixes. Where the expert's words are not the model's own, it tends to forget other things and to generalise
less than learning from reward.`,
	Knobs: []param.Knob{knob.LR.With(1e-3), knob.Batch.With(64)},
	Dials: "source=demos,advantage=one,denominator=policy,average=tokens",
	Collect: func(param.Values) objective.Collect {
		return objective.Collect{Demos: 1, Epochs: 1}
	},
	Build: func(param.Values) objective.Objective {
		return objective.Row{From: objective.Demo, Reduce: objective.TokenMean}
	},
}
