package recipe

// Compose is the exhibit "Old skills, put together anew".
var Compose = Exhibit{
	Name:     "compose",
	Title:    "Old skills, put together anew",
	Claim:    "Reward teaches a model to put what it can do together in ways that it has never seen, deeper than it practises; imitation, even of its own right answers, does not.",
	Cite:     "Yuan et al. 2025, arXiv:2509.25123",
	Counter:  `Yue et al. 2025, arXiv:2504.13837: reward makes likelier what the base could do already, and nothing else. Here RFT carries over as well as GRPO, as far as five seeds tell.`,
	Question: "All practise two functions, one after the other. Who will be best at three?",
	Decides:  "eval/ood/accuracy",
	Doc: `Eight functions with meaningless names change a string of four symbols. The base knows each of them, and mixes them up when there is
more than one. Three copies practise two functions in a row: one imitates an expert, one imitates its own right answers, sampled
once before it begins (RFT), and one learns from reward. Then all are tried on three, four and five functions.`,
	Why: `To apply the function that was named is one skill, and it serves at any depth; what two functions come to is another, and serves at two.
The paper finds that reward teaches the first and filtered imitation the second.`,
	Next: []Change{
		{Says: "Practise for longer.", Set: "steps=300"},
		{Says: "Sample twice as many answers for RFT.", Lane: 2, Set: "group=16"},
	},
	Link: "compose?lane=sft,steps=100&lane=rft,steps=100&lane=grpo,beta=0,steps=120",
	Hypotheses: []Hypothesis{
		{Says: "Reward carries over to three functions better than imitation of the base's own right answers", Metric: "eval/ood/accuracy", Higher: "grpo", Lower: "rft", By: 0.05},
		{Says: "and better than imitation of an expert", Metric: "eval/ood/accuracy", Higher: "grpo", Lower: "sft", By: 0.1},
		{Says: "It reaches four functions, where the base is right at .09", Metric: "eval/four/accuracy", Higher: "grpo", By: 0.2},
	},
}
