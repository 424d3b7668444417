package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// ASFT is anchored supervised fine-tuning: Zhu et al. 2025, arXiv:2509.23753, and its code.
var ASFT = Method{
	Name:   "asft",
	Title:  "Anchored supervised fine-tuning",
	Cite:   "Zhu et al. 2025, arXiv:2509.23753, and its code",
	Family: "imitation",
	Formula: "J = (1/N) Σ_i Σ_t [ sg(π(a_it|s_it))·log π(a_it|s_it) − β·KL(π_ref‖π)_it ], over " +
		"the N tokens of all demonstrations in the batch",
	Doc: `DFT with an anchor. DFT's weights grow with the model's own confidence, so it can drift off and take its
mistakes for knowledge; here every demonstrated token is also pulled back to what the model would have said before
training. With beta 0 it is dft. It needs demonstrations and a copy of the starting model, and no verifier.`,
	Deviations: `The KL's weight, lambda in the paper, is called beta as everywhere here. The code's default is 0.1; its
README runs 0.05.`,
	Knobs:   []param.Knob{knob.LR.With(1e-3), knob.Batch.With(64), knob.Beta.With(0.05)},
	Dials:   "source=demos,advantage=one,denominator=one,limit=free,average=tokens",
	Collect: objective.CollectDemos,
	Build: func(v param.Values) objective.Objective {
		return objective.Sum{{Weight: 1, Objective: objective.Row{From: objective.Demo,
			Denom: objective.OverOne}}, {Weight: v.Float(
			"beta"), Objective: objective.TowardsReference()}}
	},
}
