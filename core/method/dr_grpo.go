package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// DrGRPO is GRPO Done Right: Liu et al. 2025, arXiv:2503.20783, section 3.2.
var DrGRPO = Method{
	Name:   "dr_grpo",
	Title:  "GRPO Done Right",
	Cite:   "Liu et al. 2025, arXiv:2503.20783, section 3.2",
	Family: "policy gradient",
	Formula: "J = (1/n) Σ_i Σ_t [ min(ρ_it·A_i, clip(ρ_it, 1−eps_low, 1+eps_high)·A_i) − " +
		"β·k3_it ], " +
		"A_i = r_i − mean(r in the group), ρ = π/π_old, k3 = π_ref/π − log(π_ref/π) − 1",
	Doc: `GRPO without its two biases. It sums over the tokens of an answer instead of averaging, so a wrong answer is not
punished less for being long; and it does not divide by the group's standard deviation, so prompts that are nearly
always or nearly never solved do not count for more. Like GRPO it needs a verifier and no demonstrations, and clips
tokens that have moved far since they were sampled. It learns nothing from a prompt whose answers all score the same.`,
	Deviations: `The sum over tokens is divided by nothing; the paper's code divides by a constant, the longest allowed
length, which only rescales the whole step. The two clip bounds are separate knobs, equal by default.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Epochs, knob.EpsLow, knob.EpsHigh,
		knob.DualClip, knob.Beta, knob.KL, knob.Temp, knob.Tempered, knob.Entropy},
	Dials: "advantage=mean,average=sum",
	Collect: func(v param.Values) objective.Collect {
		return objective.Collect{Group: v.Int("group"), Epochs: v.Int("epochs")}
	},
	Build: func(v param.Values) objective.Objective {
		return objective.Penalised(v, objective.Row{
			From: objective.Rollout,
			Advantage: objective.InGroup(objective.Rollout,
				objective.PenalisedReward(v, objective.Reward), objective.Centred),
			Denom:  objective.OverBehaviour,
			Mask:   objective.ClipAt(v),
			Reduce: objective.SeqSum,
		})
	},
}
