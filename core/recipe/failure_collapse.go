package recipe

// FailureCollapse is the exhibit "Entropy collapse".
var FailureCollapse = Exhibit{
	Name:   "failure_collapse",
	Title:  "Entropy collapse",
	Museum: true,
	Claim:  "Reward alone makes a policy more and more decided. Soon all answers to a prompt are nearly the same, and there is nothing left to choose among.",
	Cite:   "Cui et al. 2025, arXiv:2505.22617",
	Counter: `Being decided is no harm where one answer is as good as any: here, and in the exhibit entropy, the collapsed policy earns about as much. What it lacks is the
other melodies, and the way back.`,
	Question: "One copy is paid for the reward alone, the other a little for staying undecided. Whose melodies will differ more?",
	Decides:  "eval/id/entropy_nats",
	Doc: `Two copies learn melodies from the gold reward with long steps. The second is paid for entropy as well. Many melodies are as good as any: how many of them a
policy still knows can be seen in the entropy of its notes, and in the answers below.`,
	Sign: "train/entropy_nats falls to a quarter while the reward still rises, the samples of one prompt look alike, and the KL from the base runs away.",
	Cure: "entropy=0.05: a bonus for staying undecided. Too much of it and the policy prefers to guess. Clipping from above less than from below (dapo) is another, and so are shorter steps.",
	Why:  "A likely token with a high advantage becomes likelier, which makes it drawn more often, which makes it likelier still: entropy falls by the covariance of the two (the paper's theorem 1).",
	Next: []Change{
		{Says: "Raise the bonus: what does it cost in reward?", Lane: 2, Set: "entropy=0.1"},
		{Says: "Leave the bonus out and take short steps.", Lane: 1, Set: "lr=3e-4"},
	},
	Link:  "taste?lane=grpo,lr=2e-3,beta=0,steps=60&lane=grpo,lr=2e-3,beta=0,entropy=0.05,steps=60",
	Lanes: []string{"no bonus", "bonus"},
	Hypotheses: []Hypothesis{
		{Says: "The bonus keeps entropy", Metric: "eval/id/entropy_nats", Higher: "grpo-2", Lower: "grpo", By: 0.15},
		{Says: "and stays nearer to the base", Metric: "eval/id/kl_base_policy_nats", Higher: "grpo", Lower: "grpo-2", By: 3},
		{Says: "and earns no less", Metric: "eval/id/reward", Higher: "grpo-2", Lower: "grpo", By: -0.05},
	},
}
