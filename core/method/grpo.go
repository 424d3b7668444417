package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// GRPO is Group Relative Policy Optimization: Shao et al. 2024, arXiv:2402.03300, eq. 3.
var GRPO = Method{
	Name:   "grpo",
	Title:  "Group Relative Policy Optimization",
	Cite:   "Shao et al. 2024, arXiv:2402.03300, eq. 3",
	Family: "policy gradient",
	Formula: "J = (1/n) Σ_i (1/T_i) Σ_t [ min(ρ_it·A_i, clip(ρ_it, 1−eps_low, 1+eps_high)·A_i) − " +
		"β·k3_it ], " +
		"A_i = (r_i − mean)/(std + 1e-4) in the group, ρ = π/π_old, k3 = π_ref/π − " +
		"log(π_ref/π) − 1",
	Doc: `Samples a group of answers to each prompt and grades them on a curve: the advantage is
how many standard deviations above the group's average an answer scored, so no critic is needed. It
needs a verifier and no demonstrations. A clip stops tokens that have already moved far since they
were sampled, which matters when a batch is used for several updates, and a penalty pulls back
towards the reference model. It averages over the tokens of an answer first, so each token of a
long answer weighs less; and it gives more weight to prompts whose answers are almost all right or
almost all wrong (dr_grpo does neither). From a prompt whose answers all earn the same it learns
nothing; only the penalty acts.`,
	Deviations: `The standard deviation is the population's, plus 1e-4. One reward for the whole answer, not one per step of
reasoning. The reference model stays the start of the stage unless refresh says otherwise. The two clip bounds are separate
knobs, equal by default.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Epochs, knob.EpsLow, knob.EpsHigh,
		knob.DualClip, knob.Beta.With(0.04), knob.KL, knob.Temp, knob.Tempered, knob.Entropy},
	Dials: "advantage=z_score",
	Collect: func(v param.Values) objective.Collect {
		return objective.Collect{Group: v.Int("group"), Epochs: v.Int("epochs")}
	},
	Build: func(v param.Values) objective.Objective {
		return objective.Penalised(v, objective.Row{
			From: objective.Rollout,
			Advantage: objective.InGroup(objective.Rollout,
				objective.PenalisedReward(v, objective.Reward), objective.ZScore),
			Denom:  objective.OverBehaviour,
			Mask:   objective.ClipAt(v),
			Reduce: objective.SeqMean,
		})
	},
}
