package recipe

// FailureCollapse is the exhibit "Entropy collapse".
var FailureCollapse = Exhibit{
	Name:   "failure_collapse",
	Title:  "Entropy collapse",
	Group:  GroupFailures,
	Asks:   "What if a policy stops exploring?",
	Museum: true,
	Claim: `Reward alone makes a policy more and more certain. Soon all answers to a prompt are
nearly the same, and there is nothing left to choose from.`,
	Cite: "Cui et al. 2025, arXiv:2505.22617",
	Counter: `A certain policy does no harm where one answer is as good as any: here, and in
the exhibit entropy, the collapsed policy earns about as much. What it has lost is the other
melodies, and the way back to them. In a study on five other bases a quarter of the rate did as much
for entropy, at the same reward, as the bonus.`,
	Question: `One copy is trained for the reward alone, the other also gets a small bonus for
entropy. Whose melodies will differ more from each other?`,
	Decides: "eval/id/entropy_nats",
	Doc: `Two copies learn melodies from the gold reward with a high learning rate. The second
gets a bonus for entropy as well. Many melodies are equally good: how many of them a policy still
knows shows in the entropy of its notes, and in the answers below.`,
	Sign: "train/entropy_nats falls to a quarter while the reward still rises, the samples of " +
		"one prompt look alike, and the KL from the base runs away.",
	Cure: `entropy=0.05: a bonus for staying undecided. With too large a bonus the policy
prefers to guess. A wider clip above than below (dapo) is another cure, and so is a lower learning
rate.`,
	Why: `A likely token with a high advantage becomes likelier, so it is drawn more often, so
it becomes likelier still: entropy falls by the covariance of the two (the paper's theorem 1).`,
	Next: []Change{
		{Says: "Raise the bonus: what does it cost in reward?", Lane: 2, Set: "entropy=0.1"},
		{Says: "Lower the learning rate instead of giving a bonus.", Lane: 1, Set: "lr=3e-4"},
	},
	Link:  "taste?lane=grpo,lr=2e-3,beta=0,steps=60&lane=grpo,lr=2e-3,beta=0,entropy=0.05,steps=60",
	Lanes: []string{"no bonus", "bonus"},
	Hypotheses: []Hypothesis{
		{Says: "The bonus keeps entropy", Metric: "eval/id/entropy_nats", Higher: "grpo-2",
			Lower: "grpo", By: 0.15},
		{Says: "and stays nearer to the base", Metric: "eval/id/kl_base_policy_nats",
			Higher: "grpo", Lower: "grpo-2", By: 3},
		{Says: "and earns no less", Metric: "eval/id/reward", Higher: "grpo-2", Lower: "grpo",
			By: -0.05},
	},
}
