package recipe

// Razor is the exhibit "RL's razor: near the base, little is forgotten".
var Razor = Exhibit{
	Name:  "razor",
	Title: "RL's razor: near the base, little is forgotten",
	Group: GroupMemory,
	Asks:  "Does a model forget because it moves far from its base?",
	Claim: "How much a model forgets follows from how far it has moved from its base on the new " +
		"task, and learning from its own answers moves it least.",
	Cite: "Shenfeld et al. 2025, arXiv:2509.04259",
	Counter: `Chen et al. 2025, arXiv:2510.18874, version 3: the link between distance and
forgetting does not always hold in their setting; what counts is that the data are the policy's
own. In a study on five other bases distance and forgetting went together (a rank correlation of
-.85), but it was not shown that reward forgets least: where nine in ten are right, SFT in the
base's own style had kept .90 of sorting and GRPO .89, each at its best setting. With this page's
first seed RFT ends nearer to the base than GRPO, at 1.6 nats against 1.9, and keeps less of
sorting, 70 % against 82 %.`,
	Question: `Four ways to get better at rule A. Which one will keep the most of sorting,
which nobody practises?`,
	Decides: "eval/prior/accuracy",
	Doc: `Four copies of one base get better at rule A of the card game. Two imitate
demonstrations: the first in a foreign style, the second in the base's own style. The third
imitates its own right answers, sampled once before it begins (RFT). The fourth learns from reward
as it goes. Compare how far each has moved from the base, KL(base‖policy) on rule A, with what is
left of sorting.`,
	Why: `Many policies solve the task. Imitation goes to the one that the demonstrator happens
to have, however far away that is. A policy that learns from its own answers only changes how often
it gives each of them, so of all solutions it finds one near the base (Shenfeld et al. 2025,
section 5). The further it moves, the less the weights keep of what they did before.`,
	Next: []Change{
		{Says: "Raise the learning rate of GRPO until it forgets as well.", Lane: 4,
			Set: "lr=2e-3"},
		{Says: "Lower the learning rate of SFT with the foreign style.", Lane: 1, Set: "lr=5e-4"},
	},
	Link:  "cards?lane=sft,lr=3e-3,style=y,steps=150&lane=sft,lr=1e-3,steps=150&lane=rft,lr=5e-4,steps=150&lane=grpo,lr=4e-4,beta=0,steps=100",
	Lanes: []string{"SFT, foreign style", "SFT, own style", "RFT", "GRPO"},
	Hypotheses: []Hypothesis{
		{Says: "GRPO moves less far than SFT on foreign demonstrations",
			Metric: "eval/id/kl_base_policy_nats", Higher: "sft", Lower: "grpo", By: 5},
		{Says: "GRPO keeps more of sorting than SFT on foreign demonstrations",
			Metric: "eval/prior/accuracy", Higher: "grpo", Lower: "sft", By: 0.3},
		{Says: "GRPO keeps more of sorting than SFT in the base's own style",
			Metric: "eval/prior/accuracy", Higher: "grpo", Lower: "sft-2", By: 0.05},
	},
}
