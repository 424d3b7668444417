package recipe

// Compose is the exhibit "Old skills in new combinations".
var Compose = Exhibit{
	Name:  "compose",
	Title: "Old skills in new combinations",
	Group: GroupReasoning,
	Asks:  "Can practised skills be combined in new ways?",
	Claim: `Reward teaches a model to combine its skills in new ways, in longer chains than it
has practised. Imitation does not, not even imitation of the model's own right answers.`,
	Cite: "Yuan et al. 2025, arXiv:2509.25123",
	Counter: `Yue et al. 2025, arXiv:2504.13837: reward only makes likelier what the base could
do already. And in a study on five other bases, in which all had the same arithmetic, it was not
shown that reward carries over better: on three functions .61 were right after reward, .65 after RFT
and .69 after imitation of an expert.`,
	Question: `All practise two functions, one after the other. Who will be best at three in a
row?`,
	Decides: "eval/ood/accuracy",
	Doc: `Eight functions with meaningless names change a string of four symbols. The base
knows each of them, and mixes them up when there is more than one. Three copies practise two
functions in a row: one imitates an expert, one imitates its own right answers, sampled once before
it begins (RFT), and one learns from reward. Then all are tested on three, four and five functions.`,
	Why: `Applying the function that is named next is one skill, and it works at any depth.
Knowing what two functions give together is another, and only works for two. The paper finds that
reward teaches the first, and imitation of filtered answers the second.`,
	Next: []Change{
		{Says: "Practise for longer.", Set: "steps=300"},
		{Says: "Sample twice as many answers for RFT.", Lane: 2, Set: "group=16"},
	},
	Link: "compose?lane=sft,steps=100&lane=rft,steps=100&lane=grpo,beta=0,steps=120",
	Hypotheses: []Hypothesis{
		{Says: "Reward carries over to three functions better than imitation of the base's own " +
			"right answers", Metric: "eval/ood/accuracy", Higher: "grpo", Lower: "rft", By: 0.05},
		{Says: "and better than imitation of an expert", Metric: "eval/ood/accuracy",
			Higher: "grpo", Lower: "sft", By: 0.1},
		{Says: "It reaches four functions, where the base is right at .09",
			Metric: "eval/four/accuracy", Higher: "grpo", By: 0.2},
	},
}
