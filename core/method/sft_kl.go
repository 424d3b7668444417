package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// SFTKL is Supervised fine-tuning with a KL to the reference model: Zhu et al. 2025 (ASFT),
// arXiv:2509.23753, mode sft+kl of its code.
var SFTKL = Method{
	Name:   "sft_kl",
	Title:  "Supervised fine-tuning with a KL to the reference model",
	Cite:   "Zhu et al. 2025 (ASFT), arXiv:2509.23753, mode sft+kl of its code",
	Family: "imitation",
	Formula: "J = (1/N) Σ_i Σ_t [ log π(a_it|s_it) − β·KL(π_ref‖π)_it ], over the N tokens of " +
		"all demonstrations in the batch",
	Doc: `Imitates demonstrations, and is at every one of their tokens pulled back to what the model would have said
before training, over the whole vocabulary. So it learns more slowly and forgets less: whatever the demonstrations do
not speak about is to stay as it was. It needs demonstrations and a copy of the starting model, and no verifier.`,
	Deviations: `The divergence is KL(π_ref‖π), exact, as in the authors' code; others penalise KL(π‖π_ref).`,
	Knobs:      []param.Knob{knob.LR.With(1e-3), knob.Batch.With(64), knob.Beta.With(0.1)},
	Dials:      "source=demos,advantage=one,denominator=policy,average=tokens",
	Collect:    objective.CollectDemos,
	Build: func(v param.Values) objective.Objective {
		return objective.Sum{{Weight: 1, Objective: objective.Row{From: objective.Demo}},
			{Weight: v.Float("beta"), Objective: objective.TowardsReference()}}
	},
}
