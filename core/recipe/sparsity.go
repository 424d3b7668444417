package recipe

// Sparsity is the exhibit "Sparse updates: a claim looked into".
var Sparsity = Exhibit{
	Name:  "sparsity",
	Title: "Sparse updates: a claim looked into",
	Group: GroupMemory,
	Asks:  "Does reward change only a few weights?",
	Claim: `Reinforcement learning changes only a small part of the weights, though in nearly
all directions, and supervised fine-tuning changes nearly all of them: RL left 68 to 96 % of the
weights as they were, SFT 6 to 15 %.`,
	Cite: "Mukherjee et al. 2025, arXiv:2505.11711",
	Counter: `Shenfeld et al. 2025, arXiv:2509.04259: trained in float32, the same models learn
the same and no update is sparse; bfloat16 hides small changes. In a study on five other bases, where
both have .85 right, reward had left 4.5 % of the weights as they were in bfloat16 and SFT 2.0 %: twice
as many, but few.`,
	Question: `Two methods, each at two learning rates. Which copy will have the most unchanged
weights, once they are rounded to bfloat16?`,
	Decides: "weights/unchanged_bf16_share",
	Doc: `Two copies of one base learn rule A of the card game by imitation and two by reward,
with the same number of updates. The first of either kind has the same learning rate; the third
copy imitates at a tenth of it, and the fourth learns from reward at ten times it. All are trained
in float32. The base is stored in bfloat16. The question is how many weights are still the base's:
to the last bit in float32, and after rounding to bfloat16. Look at Weights, and at its table.`,
	Why: `In float32 both methods leave the same weights alone: those of symbols that never
occur. Adam moves every other weight at every update, by about the learning rate. A bfloat16 has 8
bits of precision, so a change by less than about a four-hundredth of the weight is rounded away.
How many changes are hidden depends on the learning rate first, and on the method second: at one
rate the updates of imitation agree more from batch to batch and carry the weights further. A
network as small as this one has to move its weights by several per cent to learn, which rounding
does not hide; a large one learns by much smaller changes.`,
	Next: []Change{
		{Says: "Give SFT the foreign style.", Lane: 1, Set: "style=y"},
		{Says: "Imitate the base's own right answers instead: is it the method or the data?",
			Lane: 1, Instead: "rft,lr=1e-4,steps=150"},
	},
	Link:  "cards?lane=sft,lr=1e-4,steps=150&lane=grpo,lr=1e-4,beta=0,steps=150&lane=sft,lr=1e-5,steps=150&lane=grpo,lr=1e-3,beta=0,steps=150",
	Lanes: []string{"SFT", "GRPO", "slow SFT", "fast GRPO"},
	Hypotheses: []Hypothesis{
		{Says: "In bfloat16 GRPO leaves more than half of the weights as they were",
			Metric: "weights/unchanged_bf16_share", Higher: "grpo", By: 0.5},
		{Says: "and half as many again as SFT at the same rate",
			Metric: "weights/unchanged_bf16_share", Higher: "grpo", Lower: "sft", Ratio: true,
			By: 1.5},
		{Says: "In float32 it leaves more than SFT, too", Metric: "weights/unchanged_share",
			Higher: "grpo", Lower: "sft", By: 0.01},
		{Says: "In bfloat16 it leaves more than SFT even at ten times the rate",
			Metric: "weights/unchanged_bf16_share", Higher: "grpo-2", Lower: "sft", By: 0.005},
		{Says: "and more than SFT at a tenth of the rate", Metric: "weights/unchanged_bf16_share",
			Higher: "grpo", Lower: "sft-2", By: 0},
		{Says: "Its updates have many directions", Metric: "weights/rank_share", Higher: "grpo",
			By: 0.4},
	},
}
