package recipe

// PassK is the exhibit "Does reward go beyond the base?".
var PassK = Exhibit{
	Name:  "passk",
	Title: "Does reward go beyond the base?",
	Group: GroupReasoning,
	Asks:  "Does reward teach anything that the base could not do?",
	Claim: `Learning from reward makes right answers likelier that the base could give already:
it wins at the first try, but with enough tries the base solves more prompts.`,
	Cite: "Yue et al. 2025, arXiv:2504.13837",
	Counter: `Yuan et al. 2025, arXiv:2509.25123, and Zhang et al. 2025, arXiv:2512.07783: where the
base fails nearly always, reward does go beyond it. On this page's base it does so on five
functions, within 128 tries; in a study on five others it did not, and the base solved more (.71
against .63). There nothing was shown on three and four functions, where both solve about as many in
64 tries. Yue et al. find that distillation goes beyond the base too; here the lane that imitates an
expert on two functions solves the fewest prompts in 64 tries.`,
	Question: `Each may try every prompt 64 times. Who will solve the most prompts with three
functions?`,
	Decides: "eval/ood/pass_at_64",
	Scene:   "passk",
	Doc: `Functions with meaningless names change a string of four symbols. The base names the
right function and often applies another one by chance, so its mistakes are different every time.
Three copies practise two functions in a row: one learns from reward, one imitates its own right
answers, sampled once before it begins (RFT), and one imitates an expert. At the start and at the
end each of 64 prompts is answered 128 times: pass@k is the share of prompts that at least one of k
answers solves. For comparison: choosing three functions blindly would solve .69 of the prompts in
64 tries, and .54 of those with five functions.`,
	Why: `Reward says nothing about a prompt whose answers all earn the same. Elsewhere it makes
right answers likelier and wrong ones less likely, as far as they were sampled. This takes away
variety, and without variety many tries are of little use. A prompt whose likeliest answer is wrong
is lost.`,
	Next: []Change{
		{Says: "Practise for longer: how do the first try and the 64th change?", Set: "steps=300"},
		{Says: "Hold GRPO near the base, which keeps variety.", Lane: 1, Set: "beta=0.05"},
	},
	Link:  "compose?passk=128&eval_prompts=64&lane=grpo,beta=0,steps=120&lane=rft,steps=100&lane=sft,steps=100",
	Lanes: []string{"GRPO", "RFT", "SFT on an expert"},
	Hypotheses: []Hypothesis{
		{Says: "At the first try reward is far ahead of the base", Metric: "eval/ood/pass_at_1",
			Higher: "grpo", Lower: OfBase, By: 0.3},
		{Says: "With 64 tries the base solves more", Metric: "eval/ood/pass_at_64", Higher: OfBase,
			Lower: "grpo", By: 0},
		{Says: "and so does the lane that imitates the base's own right answers",
			Metric: "eval/ood/pass_at_64", Higher: "rft", Lower: "grpo", By: 0},
		{Says: "These go beyond the base where it seldom succeeds, on five functions",
			Metric: "eval/five/pass_at_64", Higher: "rft", Lower: OfBase, By: 0.05},
	},
}
