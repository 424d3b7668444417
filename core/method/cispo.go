package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// CISPO is Clipped Importance-Sampling Policy Optimization: MiniMax 2025, arXiv:2506.13585.
var CISPO = Method{
	Name:   "cispo",
	Title:  "Clipped Importance-Sampling Policy Optimization",
	Cite:   "MiniMax 2025, arXiv:2506.13585",
	Family: "policy gradient",
	Formula: "J = (1/N) Σ_i Σ_t [ min(ρ_it, 1+eps_high)·A_i·log π(a_it|s_it) − β·k3_it ] over " +
		"the N tokens of all answers, ρ held fixed, " +
		"A_i = (r_i − mean)/(std + 1e-4) in the group",
	Doc: `A policy gradient with importance sampling that drops no token. PPO's clip silences a token once it has moved
too far, and the rare words at which a train of thought turns are the first to go; here such a token keeps its push and
only the weight of the push is capped. It averages over all tokens of the batch. It needs a verifier and no
demonstrations. It makes two updates per batch by default, since nothing is ever capped in the first.`,
	Deviations: `The paper does not say its cap; 1 + eps_high = 5 is that of ScaleRL (arXiv:2510.13786).`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Epochs.With(2),
		knob.EpsHigh.With(4), knob.Beta, knob.KL, knob.Temp, knob.Tempered, knob.Entropy},
	Dials:   "limit=cap,average=tokens",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		return objective.Penalised(v, objective.ImportanceSampled(objective.Row{
			Advantage: objective.InGroup(objective.Rollout,
				objective.PenalisedReward(v, objective.Reward), objective.ZScore),
			Ratio:  atMost(1 + v.Float("eps_high")),
			Reduce: objective.TokenMean,
		}))
	},
}

// atMost limits the ratio from above.
func atMost(most float64) func(ratio, advantage float64) float64 {
	return func(ratio, _ float64) float64 { return min(ratio, most) }
}
