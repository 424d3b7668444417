package recipe

// Hybrids is the exhibit "The best of both?".
var Hybrids = Exhibit{
	Name:  "hybrids",
	Title: "The best of both?",
	Group: GroupCost,
	Asks:  "Imitation, reward, or both at once?",
	Claim: `Imitation shows the way and reward does the rest: methods that do both at once end
higher than either alone.`,
	Cite: "Yan et al. 2025, arXiv:2504.14945 (LUFFY); Zhang et al. 2025, " +
		"arXiv:2508.11408 (CHORD)",
	Counter: `Liu et al. 2025, arXiv:2505.16984: on the smallest model SFT followed by RL does as
well; Lv et al. 2025, arXiv:2509.04419: what helps depends on how often the model succeeds by
itself. In a study on five other bases imitation alone, which has no lane here, opened more locks of
seven dials (.78) than CHORD at its chosen setting (.66) on every base, and than LUFFY (.48) and
reward (.46) on average.`,
	Question: `Reward alone, imitation and then reward, or both at once: who will open the most
locks with seven dials?`,
	Decides: "eval/ood/accuracy",
	Doc: `A lock opens only if all its dials are right, and the base has to guess half of the
letters, so it seldom opens one by luck. One copy learns from reward alone. One imitates fifteen
batches of demonstrations first and then learns from reward. Two learn from both at every update:
CHORD adds a shrinking share of imitation, LUFFY puts a demonstration among the model's own
answers. All have the same number of updates.`,
	Why: `Where luck is rare, most groups of answers fail together and teach nothing. A
demonstration is a success that need not be found. Its price is that the habits of its author are
learned as well.`,
	Next: []Change{
		{Says: "Write the demonstrations in a foreign style: do they still show the way?",
			Set: "style=y"},
	},
	Link:  "lock?eval_every=10&lane=grpo,beta=0,steps=60&lane=sft,steps=15~grpo,beta=0,steps=45&lane=chord_mu,steps=60&lane=luffy,steps=60",
	Lanes: []string{"GRPO", "SFT → GRPO", "CHORD", "LUFFY"},
	Hypotheses: []Hypothesis{
		{Says: "Imitation before reward beats reward alone", Metric: "eval/ood/accuracy",
			Higher: "sft~grpo", Lower: "grpo", By: 0.1},
		{Says: "CHORD beats imitation before reward", Metric: "eval/ood/accuracy",
			Higher: "chord_mu", Lower: "sft~grpo", By: 0},
		{Says: "LUFFY beats reward alone", Metric: "eval/ood/accuracy", Higher: "luffy",
			Lower: "grpo", By: 0.1},
	},
}
