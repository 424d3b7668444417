package recipe

// Cost is the exhibit "What it costs".
var Cost = Exhibit{
	Name:  "cost",
	Title: "What it costs",
	Group: GroupCost,
	Asks:  "What does it cost to be right nine times in ten?",
	Claim: `The same skill can be paid for in different ways. Imitation takes the least
arithmetic, but demonstrations. Reward takes several times the arithmetic and many checked answers,
but no demonstrations. A teacher who marks the model's own answers needs a ninth to a thirtieth of
the arithmetic of reward. A hybrid needs few demonstrations.`,
	Cite: "Chu et al. 2025, arXiv:2501.17161 (what reward takes); Lu et al. 2025, On-Policy " +
		"Distillation (Thinking Machines)",
	Counter: `The published ratio compares a teacher with hundreds of steps of sparse reward on
long answers. Where answers are short and half of them right, as here, a reward says nearly as much
as a teacher does. In a study on five other bases every way was tuned to get nine in ten right as
cheaply as it can: reward took 8 times the arithmetic of imitation, and 1.4 times that of the
teacher.`,
	Question: "All four end equally good. Which one takes the most arithmetic on the way?",
	Decides:  "cost/flops",
	Doc: `Four copies of one base get equally good at rule A of the card game, about .96. How
many updates each needs for that was found with other seeds. SFT imitates an expert who writes in
the base's own style. GRPO answers by itself and has its answers checked. On-policy distillation
(OPD) answers by itself, too, and a better model, its teacher, says how likely it would have
written each token. The hybrid imitates a quarter as many demonstrations as SFT and goes on with
reward. Draw the race against the cost that matters to you: arithmetic, demonstrations, checked
answers, memory.`,
	Why: `SFT reads each demonstration once and trains on it. The others sample 64 to 128
answers for an update and train on all of them. A token of a demonstration is worth a great deal,
because somebody who knew the answer wrote it. Other exhibits show what sampling buys: the model
keeps its own style. The teacher's marks say more than right or wrong, since there is one for every
token, but the teacher has to read every answer.`,
	Next: []Change{
		{Says: "Halve the group of GRPO, for twice the steps.", Lane: 2, Set: "group=4,steps=80"},
		{Says: "Let the teacher mark one answer to each of 64 prompts.", Lane: 3,
			Set: "group=1,batch=64"},
	},
	Link:  "cards?eval_every=5&lane=sft,lr=1e-3,demos=128,steps=25&lane=grpo,lr=1e-3,beta=0,steps=40&lane=opd,lr=1e-3,steps=50&lane=sft,lr=1e-3,demos=32,steps=10~grpo,lr=1e-3,beta=0,steps=30",
	Lanes: []string{"SFT", "GRPO", "OPD", "SFT → GRPO"},
	Hypotheses: []Hypothesis{
		{Says: "All four end above .93: SFT", Metric: "eval/id/accuracy", Higher: "sft", By: 0.93},
		{Says: "GRPO", Metric: "eval/id/accuracy", Higher: "grpo", By: 0.93},
		{Says: "on-policy distillation", Metric: "eval/id/accuracy", Higher: "opd", By: 0.93},
		{Says: "and the hybrid", Metric: "eval/id/accuracy", Higher: "sft~grpo", By: 0.93},
		{Says: "Reward takes more than three times the arithmetic of imitation",
			Metric: "cost/flops", Higher: "grpo", Lower: "sft", Ratio: true, By: 3},
		{Says: "and more than three times that of on-policy distillation", Metric: "cost/flops",
			Higher: "grpo", Lower: "opd", Ratio: true, By: 3},
	},
}
