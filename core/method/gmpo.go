package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// GMPO is Geometric-Mean Policy Optimization: Zhao et al. 2025, arXiv:2507.20673, and its code.
var GMPO = Method{
	Name:   "gmpo",
	Title:  "Geometric-Mean Policy Optimization",
	Cite:   "Zhao et al. 2025, arXiv:2507.20673, and its code",
	Family: "policy gradient",
	Formula: "J = (1/n) Σ_i [ s_i·A_i − β·mean_t k3_it ], s_i = (Π_t ρ'_it)^(1/T_i), " +
		"ρ' = min(ρ, 1+eps_high) if A_i > 0, max(ρ, 1−eps_low) if A_i < 0, ρ = π/π_old, " +
		"A_i = (r_i − mean)/(std + 1e-4) in the group",
	Doc: `GRPO with the geometric mean of an answer's ratios where GRPO has the usual, arithmetic mean.
One token whose probability has jumped raises a geometric mean far less, so single outliers no longer
decide how an answer is pushed, and the clip can be wider. The clip still stops single tokens: their
ratios are limited one by one before the mean is taken. In gspo, which has the same mean, the clip
comes after it and stops whole answers. It needs a verifier and no demonstrations. It makes two updates
per batch by default, since in the first nothing has moved and it is GRPO.`,
	Deviations: `The paper's bounds are e^−0.4 and e^0.4; here they are given as in every clip, as shares: 0.67 = 1 − 0.33 and
1.49 = 1 + 0.49.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Epochs.With(2),
		knob.EpsLow.With(0.33), knob.EpsHigh.With(0.49), knob.Beta, knob.KL, knob.Temp,
		knob.Tempered, knob.Entropy},
	Apart: "it limits the ratios of an answer's tokens one by one and then takes their mean, " +
		"which no setting of the dials does",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		return objective.Proximal(v, objective.Row{
			Advantage: objective.InGroup(objective.Rollout,
				objective.PenalisedReward(v, objective.Reward), objective.ZScore),
			Span:   objective.OfMean,
			Within: objective.WithinClip(v.Float("eps_low"), v.Float("eps_high")),
			Reduce: objective.SeqMean})
	},
}
