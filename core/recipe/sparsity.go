package recipe

// Sparsity is the exhibit "Sparse updates: a claim looked into".
var Sparsity = Exhibit{
	Name:     "sparsity",
	Title:    "Sparse updates: a claim looked into",
	Claim:    "Reinforcement learning changes a small part of the weights only, though in nearly all directions, and supervised fine-tuning changes nearly all of them: 68 to 96 % were left as they were by the one, 6 to 15 % by the other.",
	Cite:     "Mukherjee et al. 2025, arXiv:2505.11711",
	Counter:  "Shenfeld et al. 2025, arXiv:2509.04259: trained in float32, the same models learn the same and no update is sparse; it is bfloat16 that hides small changes.",
	Question: "Two methods, each at two learning rates. Which copy has most of its weights where they were, once they are rounded to bfloat16?",
	Decides:  "weights/unchanged_bf16_share",
	Doc: `Two copies of one base learn rule A of the card game by imitation and two by reward, with the same number of updates. The first of either
kind has the same learning rate; the third copy imitates at a tenth of it, and the fourth gets ten times as much for its rewards.
All are trained in float32. The base is stored in bfloat16, and the question is how many weights are the same as the base's, to the
last bit in float32, and once they are rounded as the base's are. Look at Weights, and at its table.`,
	Why: `In float32 both methods leave the same weights alone: those of symbols that never occur. Every other weight is moved at every update, by
about the learning rate, which is how Adam works. A bfloat16 has 8 bits of precision, so a change by less than a four-hundredth or so of the
weight is rounded away. How many are hidden follows from the rate first, and from the method second: at one rate the pushes of
imitation agree more from batch to batch and carry the weights farther. A network as small as this one has to move its weights by several per cent
to learn, which rounding does not hide; a large one learns by much smaller changes.`,
	Next: []Change{
		{Says: "Give SFT the foreign style.", Lane: 1, Set: "style=y"},
		{Says: "Imitate the base's own right answers instead: is it what the data are like?", Lane: 1, Instead: "rft,lr=1e-4,steps=150"},
	},
	Link:  "cards?lane=sft,lr=1e-4,steps=150&lane=grpo,lr=1e-4,beta=0,steps=150&lane=sft,lr=1e-5,steps=150&lane=grpo,lr=1e-3,beta=0,steps=150",
	Lanes: []string{"SFT", "GRPO", "slow SFT", "fast GRPO"},
	Hypotheses: []Hypothesis{
		{Says: "In bfloat16 GRPO leaves more than half of the weights as they were", Metric: "weights/unchanged_bf16_share", Higher: "grpo", By: 0.5},
		{Says: "and half as many again as SFT at the same rate", Metric: "weights/unchanged_bf16_share", Higher: "grpo", Lower: "sft", Ratio: true, By: 1.5},
		{Says: "In float32 it leaves more than SFT, too", Metric: "weights/unchanged_share", Higher: "grpo", Lower: "sft", By: 0.01},
		{Says: "It does so whatever the rates: also at ten times that of SFT", Metric: "weights/unchanged_bf16_share", Higher: "grpo-2", Lower: "sft", By: 0.005},
		{Says: "and when SFT has a tenth of its own", Metric: "weights/unchanged_bf16_share", Higher: "grpo", Lower: "sft-2", By: 0},
		{Says: "Its updates have many directions", Metric: "weights/rank_share", Higher: "grpo", By: 0.4},
	},
}
