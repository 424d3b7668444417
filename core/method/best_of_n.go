package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// BestOfN is imitating the best of n: Touvron et al. 2023 (Llama 2), arXiv:2307.09288, section
// 3.2.3; as a way to answer: Stiennon et al. 2020, arXiv:2009.01325.
var BestOfN = Method{
	Name:  "best_of_n",
	Title: "Imitating the best of n",
	Cite: "Touvron et al. 2023 (Llama 2), arXiv:2307.09288, section 3.2.3; as a way to answer: " +
		"Stiennon et al. 2020, arXiv:2009.01325",
	Family: "preference",
	Formula: "J = (1/N) Σ_i Σ_t log π(a_it|s_it) over the N tokens of the best answers, for each " +
		"prompt the one of group rollouts with the highest " +
		"score of a reward model φ, which first maximised mean over labelled pairs of log " +
		"σ(φ(chosen) − φ(rejected)) − 0.01·(φ(chosen) + φ(rejected))²",
	Doc: `Asks several times and imitates the answer that a reward model scores highest. The reward
model is trained as in rlhf, on the labels of a simulated annotator. Then, at every update, the
policy answers each prompt group times, and only the answer with the highest score is imitated, as
if an expert had written it. How bad the others were makes no difference. Choosing the best of n
once moves a policy by no more than log n − (n−1)/n nats; train/best_reward_mean is the reward that
it would give. Doing it at every update goes further, and in time finds what the reward model is
wrong about.`,
	Deviations: `The answers are those of the policy of the moment, as in the last rounds of the paper, and each is imitated once. The
annotator is simulated; there is one reward model and no margin between labels.`,
	Knobs: append([]param.Knob{knob.LR.With(3e-5), knob.Batch, knob.Group, knob.Temp,
		knob.Tempered.With(false)}, knob.RewardModel()...),
	Dials: "advantage=one,denominator=policy,average=tokens",
	Besides: "of the answers to a prompt only the one that a reward model scores highest " +
		"is learned from",
	Collect: func(v param.Values) objective.Collect {
		return objective.WithRewardModel(v,
			objective.Collect{Group: v.Int("group"), Epochs: 1, Best: true})
	},
	Build: func(param.Values) objective.Objective { return objective.Row{From: objective.Rollout} },
}
