package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// RLHF is Reinforcement Learning from Human Feedback, with GRPO: Ouyang et al. 2022,
// arXiv:2203.02155, eq. 1 and 2; GRPO in place of PPO: Shao et al. 2024, arXiv:2402.03300, eq.
// 3.
var RLHF = Method{
	Name:  "rlhf",
	Title: "Reinforcement Learning from Human Feedback, with GRPO",
	Cite: "Ouyang et al. 2022, arXiv:2203.02155, eq. 1 and 2; GRPO in place of PPO: Shao et " +
		"al. 2024, arXiv:2402.03300, eq. 3",
	Family: "preference",
	Formula: "J = (1/n) Σ_i (1/T_i) Σ_t [ min(ρ_it·A_i, clip(ρ_it, 1−eps_low, 1+eps_high)·A_i) − " +
		"β·k3_it ], A_i = (r_i − mean)/(std + 1e-4) in the group, ρ = π/π_old, k3 = π_ref/π − " +
		"log(π_ref/π) − 1; r_i = φ(answer) is the score of a reward model φ, which was trained " +
		"first, to maximise the mean over labelled pairs of " +
		"log σ(φ(chosen) − φ(rejected)) − 0.01·(φ(chosen) + φ(rejected))²",
	Doc: `First learns from comparisons what a good answer is, then learns to give such answers. At
the start the model answers prompts twice and a simulated annotator says which answer is better; a
reward model, a copy of the model that gives one number, is trained to agree. From then on the
policy is trained as in grpo, with that number in place of a verifier's reward. The policy finds
whatever the reward model is wrong about: its score goes on rising (train/score_mean) while answers
get worse (train/reward_mean), the more so the longer it trains, the fewer and noisier the labels,
and the weaker the pull to the reference model. An ensemble that takes the lowest of its scores, or
subtracts their variance, holds out longer.`,
	Deviations: `GRPO takes the place of PPO. The annotator is simulated and looks at pairs, not at rankings of several answers.
The reward model starts from the weights of the stage's start; the members of an ensemble (Coste et al. 2024, arXiv:2310.02743)
differ in their heads and the order of their data. There is no pretraining loss beside (PPO-ptx).`,
	Knobs:   knob.Proximal(append([]param.Knob{knob.Beta.With(0.2)}, knob.RewardModel()...)...),
	Dials:   "advantage=z_score",
	Besides: "an answer's reward is the score of a reward model, which is trained first",
	Collect: func(v param.Values) objective.Collect {
		return objective.WithRewardModel(v, objective.CollectRollouts(v))
	},
	Build: func(v param.Values) objective.Objective {
		return objective.Proximal(v, objective.Row{Advantage: objective.InGroup(objective.Rollout,
			objective.PenalisedReward(v,
				objective.Reward), objective.ZScore), Reduce: objective.SeqMean})
	},
}
