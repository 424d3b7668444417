package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// RLHFPPO is Reinforcement Learning from Human Feedback, with PPO: Ouyang et al. 2022,
// arXiv:2203.02155, eq. 1 and 2.
var RLHFPPO = Method{
	Name:   "rlhf_ppo",
	Title:  "Reinforcement Learning from Human Feedback, with PPO",
	Cite:   "Ouyang et al. 2022, arXiv:2203.02155, eq. 1 and 2",
	Family: "preference",
	Formula: "J = (1/N) Σ_i Σ_t [ min(ρ_it·Â_it, clip(ρ_it, 1−eps_low, 1+eps_high)·Â_it) − " +
		"vf_coef·½·max((V_it−R_it)², (V_clip−R_it)²) ] over the N tokens of all answers, " +
		"A_it = Σ_{s≥t} (γλ)^(s−t)·(r_s + γ·V_{s+1} − V_s), " +
		"Â = (A − mean)/(std + 1e-4) over those tokens, R = A + V_old, " +
		"V_clip = V_old + clip(V−V_old, ±value_clip), " +
		"r_s = r_i·[s is last] − β·log(π_old/π_ref); " +
		"r_i = φ(answer) is the score of a reward model φ, which was trained first, to maximise " +
		"the mean over labelled pairs of " +
		"log σ(φ(chosen) − φ(rejected)) − 0.01·(φ(chosen) + φ(rejected))²",
	Doc: `The recipe that made language models into assistants: a reward model learns from
comparisons which answers people prefer, and PPO trains the policy on its score. What can go wrong
is the same as in rlhf, which has no critic. Here the penalty for leaving the reference model is
part of every token's reward, in the units of the score, so the wider a reward model spreads its
scores, the less the penalty counts.`,
	Deviations: `The annotator is simulated and looks at pairs, not at rankings of several answers. Reward model and critic both start
from the weights of the stage's start; in the paper the critic starts from the reward model. There is no pretraining loss beside
(PPO-ptx). Otherwise as ppo deviates.`,
	Knobs: knob.Replace(knob.Proximal(append([]param.Knob{knob.Epochs.With(4), knob.Beta.With(0.2),
		knob.KL.With("reward")}, knob.Critic()...)...), knob.RewardModel()...),
	Apart: "its advantage is from a critic, a second network that is trained beside the " +
		"policy",
	Collect: func(v param.Values) objective.Collect {
		return objective.WithRewardModel(v, objective.CollectRollouts(v))
	},
	Build: objective.ActorCritic,
}
