package recipe

// ColdStart is the exhibit "RL from nothing".
var ColdStart = Exhibit{
	Name:  "coldstart",
	Title: "RL from nothing",
	Group: GroupCost,
	Asks:  "How many demonstrations does reward need to begin with?",
	Claim: `A policy that never succeeds by itself learns nothing from reward. A few
demonstrations beforehand make reward work, and too few do not.`,
	Cite: `Liu et al. 2025, arXiv:2505.16984 (UFT), where reward alone stays at zero on the
smallest model; Pan et al. 2025 (TinyZero)`,
	Counter: `Guo et al. 2025, arXiv:2501.12948 (R1-Zero): a base that succeeds now and then
needs no demonstrations before reward. The exhibit hybrids is such a case. And reward is not needed
where there are demonstrations enough: in a study on five other networks imitation of 500 of them
opened .95 of the locks, and 40 updates of it followed by reward .76, with four of fifteen runs at
.26.`,
	Question: "All start from a network that has learned nothing yet. Who will open locks?",
	Decides:  "eval/id/accuracy",
	Doc: `The network starts from random weights: it writes symbols at random, and a lock opens
only if all five dials are right. One copy has nothing but the verifier (GRPO). Two imitate
demonstrations first, one for 20 updates and one for 40, and then learn from reward. The last
imitates the expert wherever all its own answers to a prompt fail, and learns from reward elsewhere
(SuperRL).`,
	Why: `If all answers of a group fail, none is better than another: every advantage is zero,
and so is the gradient. If an answer succeeds with probability p, about 1/p answers are sampled
before the first one teaches anything. Twenty updates of imitation teach what an answer looks like,
and little of what the letters mean. Forty teach enough for some groups to succeed in part, and
reward does the rest.`,
	Next: []Change{
		{Says: "Give the short imitation ten updates more.", Lane: 2,
			Instead: "sft,lr=2e-3,steps=30~grpo,lr=1e-3,beta=0,steps=170"},
		{Says: "Start from a base that knows half of the letters.", Set: "base=lock"},
	},
	Link:  "lock?eval_every=20&base=lock_untrained&lane=grpo,lr=1e-3,beta=0,steps=200&lane=sft,lr=2e-3,steps=20~grpo,lr=1e-3,beta=0,steps=180&lane=sft,lr=2e-3,steps=40~grpo,lr=1e-3,beta=0,steps=160&lane=superrl,lr=1e-3,steps=200",
	Lanes: []string{"GRPO", "SFT 20 → GRPO", "SFT 40 → GRPO", "SuperRL"},
	Hypotheses: []Hypothesis{
		{Says: "Forty updates of imitation open the way for reward", Metric: "eval/id/accuracy",
			Higher: "sft~grpo-2", Lower: "grpo", By: 0.5},
		{Says: "Twenty do not", Metric: "eval/id/accuracy", Higher: "sft~grpo-2", Lower: "sft~grpo",
			By: 0.5},
		{Says: "Imitation where reward is silent needs no warm-up", Metric: "eval/id/accuracy",
			Higher: "superrl", Lower: "grpo", By: 0.5},
	},
}
