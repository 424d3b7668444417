package recipe

// Hacking is the exhibit "Reward hacking: the score rises, the quality falls".
var Hacking = Exhibit{
	Name:  "hacking",
	Title: "Reward hacking: the score rises, the quality falls",
	Group: GroupPreferences,
	Asks:  "What happens when the score is not quite the goal?",
	Claim: `A policy that maximises a learned reward finds what the reward model is wrong
about: the score goes on rising while the quality that it stands for falls. Staying near the base
holds this back.`,
	Cite: "Gao et al. 2022, arXiv:2210.10760",
	Counter: `Rafailov et al. 2024, arXiv:2406.02900: methods without a reward model
over-optimise as well, given enough steps. And a lower rate helps nearly as much as a penalty: in a
study on five other bases the free lane ended at .54 at the higher of two rates (.60 before), at .67
at the lower one, and with the penalty at .70.`,
	Question: `All learn from a thousand comparisons by one listener. Whose melodies will that
listener like best?`,
	Decides: "eval/id/reward",
	Beside:  "train/score_mean",
	Doc: `A simulated listener compares a thousand pairs of melodies. A small reward model
learns from these comparisons what the listener likes, and gives each melody a score. Two copies of
the base learn to raise the score: one freely, one held near the base by a KL penalty. The third
learns from as many comparisons without a reward model (DPO). The listener's own taste, the gold
reward, is only used to measure. Compare it with the score.`,
	Why: `The reward model has seen melodies of the base. Far from them its score is a guess,
and a policy that maximises the score goes where the guess is too high. The further the policy has
moved from the base, measured by KL, the more the score and the gold reward differ (the paper's
figure 1).`,
	Next: []Change{
		{Says: "Give the free lane the lowest score of four reward models.", Lane: 1,
			Set: "ensemble=4,join=worst"},
		{Says: "Give the free lane four times as many labels.", Lane: 1, Set: "pairs=4000"},
	},
	Link:  "taste?lane=rlhf,beta=0,steps=100&lane=rlhf,beta=0.3,steps=100&lane=dpo,group=4,steps=100",
	Scene: "reward",
	Lanes: []string{"RLHF, free", "RLHF with penalty", "DPO"},
	Hypotheses: []Hypothesis{
		{Says: "The penalty beats the free lane in gold reward", Metric: "eval/id/reward",
			Higher: "rlhf-2", Lower: "rlhf", By: 0.2},
		{Says: "So does learning from the same number of labels without a reward model",
			Metric: "eval/id/reward", Higher: "dpo", Lower: "rlhf", By: 0.2},
		{Says: "The free lane has moved much farther", Metric: "eval/id/kl_base_policy_nats",
			Higher: "rlhf", Lower: "rlhf-2", By: 10},
	},
}
