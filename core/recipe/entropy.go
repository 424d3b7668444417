package recipe

// Entropy is the exhibit "Entropy collapse and its cures".
var Entropy = Exhibit{
	Name:  "entropy",
	Title: "Entropy collapse and its cures",
	Group: GroupReasoning,
	Asks:  "What keeps a policy exploring?",
	Claim: `Reinforcement trades entropy for reward: soon the policy gives only one answer, and
learning stops. Holding back the tokens that cost the most entropy keeps it exploring.`,
	Cite: "Cui et al. 2025, arXiv:2505.22617",
	Counter: `A policy without entropy can be right all the time, here and elsewhere: the
collapse does harm only if there is still something to find. And in a study on five other bases no
cure was shown to have left more entropy than plain GRPO at the same reward (1.13 to 1.18 nats
against 1.16).`,
	Question: "Who will have the most entropy left in the end?",
	Decides:  "eval/id/entropy_nats",
	Doc: `Four copies learn melodies from the gold reward by the same policy gradient. The
first does nothing about entropy. The second lets likely tokens rise further than others fall, by a
wider clip above than below (DAPO). The third leaves out the few tokens that cost the most entropy
(Clip-Cov). The fourth gets a bonus for entropy. Compare the entropy of their answers, and the
reward that they earn.`,
	Why: `If a likely token has a high advantage, the policy gradient makes it likelier still.
To first order the entropy falls by the covariance of log-probability and advantage (the paper's
theorem 1), and a few tokens make up most of it.`,
	Next: []Change{
		{Says: "Raise the bonus for entropy: when does the policy prefer to be undecided?", Lane: 4,
			Set: "entropy=0.1"},
	},
	Link:  "taste?lane=grpo,beta=0,epochs=2,steps=120&lane=dapo,epochs=2,steps=120&lane=clip_cov,epochs=2,steps=120&lane=grpo,beta=0,epochs=2,entropy=0.02,steps=120",
	Lanes: []string{"GRPO", "DAPO", "Clip-Cov", "GRPO with bonus"},
	Hypotheses: []Hypothesis{
		{Says: "A wider clip keeps more entropy", Metric: "eval/id/entropy_nats", Higher: "dapo",
			Lower: "grpo", By: 0.02},
		{Says: "Clip-Cov keeps more entropy", Metric: "eval/id/entropy_nats", Higher: "clip_cov",
			Lower: "grpo", By: 0.02},
		{Says: "A bonus keeps more entropy", Metric: "eval/id/entropy_nats", Higher: "grpo-2",
			Lower: "grpo", By: 0.02},
		{Says: "and what keeps entropy does not earn less", Metric: "eval/id/reward",
			Higher: "clip_cov", Lower: "grpo", By: -0.02},
	},
}
