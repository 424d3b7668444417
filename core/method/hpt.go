package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// HPT is hybrid post-training: Lv et al. 2025, arXiv:2509.04419, and its code.
var HPT = Method{
	Name:   "hpt",
	Title:  "Hybrid post-training",
	Cite:   "Lv et al. 2025, arXiv:2509.04419, and its code",
	Family: "hybrid",
	Formula: "J = mean over prompts: sft_coef·J_sft where at most gate of the prompt's rollouts " +
		"are right, " +
		"elsewhere J_rl = Σ_t [ min(ρ_it·A_i, clip(ρ_it, 1−eps_low, 1+eps_high)·A_i) − β·k3_it ] " +
		"averaged over tokens, A_i = r_i − mean in the group",
	Doc: `Decides for each prompt anew whether to show or to let try. It samples a group of answers; when hardly any is
right, reward has nothing to say, so the expert's answer is imitated instead; otherwise the group is learned from by its
rewards alone. So the model is taught what it cannot do and left alone with what it can, and imitation fades out by
itself. It needs demonstrations and a verifier.`,
	Deviations: `Either part is averaged over its own tokens and counts by its share of the prompts.`,
	Knobs: knob.Proximal(knob.Entropy.With(0.001),
		param.Integer("gate", "rollouts", 0, 0, 64,
			"The expert is imitated where at most this many answers of the group are right: "+
				"at 0 only where all fail.").
			Called("right answers at most"),
		param.Number("sft_coef", "", 1, 0, 10, "Weight of the imitation.").
			Called("weight of imitation").Logarithmic()),
	Apart: "it is one of two rows for each prompt: imitation where few answers are right, " +
		"reward elsewhere",
	Collect: objective.CollectWithDemos,
	Build: func(v param.Values) objective.Objective {
		gate := v.Int("gate")
		return objective.Gate{
			If: func(g objective.Group) bool {
				right, _ := objective.CountCorrect(g)
				return right <= gate
			},
			Then: objective.Sum{{Weight: v.Float("sft_coef"),
				Objective: objective.Row{From: objective.Demo, Reduce: objective.TokenMean}}},
			Else: objective.Proximal(v,
				objective.Row{Advantage: objective.InGroup(objective.Rollout,
					objective.PenalisedReward(v, objective.Reward), objective.Centred),
					Reduce: objective.TokenMean}),
			ByShare: true, Requires: objective.Rollouts,
		}
	},
}
