package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// PSFT is proximal supervised fine-tuning: Zhu et al. 2025, arXiv:2508.17784, and its code.
var PSFT = Method{
	Name:   "psft",
	Title:  "Proximal supervised fine-tuning",
	Cite:   "Zhu et al. 2025, arXiv:2508.17784, and its code",
	Family: "imitation",
	Formula: "J = (1/N) Σ_i Σ_t min(ρ_it, 1+eps_high) over the N tokens of all demonstrations in " +
		"the batch, " +
		"ρ = π/π_old, π_old the policy when the batch was begun",
	Doc: `Imitates demonstrations in several updates per batch, and in none of them further than a little: once a token has
become likelier by the factor 1 + eps_high since the batch was begun, it is left alone. That is PPO's clip with every
demonstrated token counted as good. It keeps imitation from making the model too sure of itself, which leaves more to
explore for learning from reward afterwards. The first update of every batch is plain SFT, so with one update per batch
there is no difference. It needs demonstrations, and no verifier.`,
	Deviations: `Every update is made with the whole batch; the paper goes through a batch of 64 once, in parts of 8. A token that
becomes less likely is never stopped, so the paper's lower bound has nothing to do.`,
	Knobs: []param.Knob{knob.LR.With(1e-3), knob.Batch.With(64), knob.Epochs.With(4),
		knob.EpsHigh.With(0.28)},
	Dials: "source=demos,advantage=one,average=tokens",
	Collect: func(v param.Values) objective.Collect {
		return objective.Collect{Demos: 1, Epochs: v.Int("epochs")}
	},
	Build: func(v param.Values) objective.Objective {
		return objective.Row{From: objective.Demo, Denom: objective.OverBehaviour,
			Mask: objective.Clip(0, v.Float("eps_high")), Reduce: objective.TokenMean}
	},
}
