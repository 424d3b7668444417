package recipe

// FailureLeak is the exhibit "A leaky verifier".
var FailureLeak = Exhibit{
	Name:   "failure_leak",
	Title:  "A leaky verifier",
	Group:  GroupFailures,
	Asks:   "What if the verifier lets too much pass?",
	Museum: true,
	Claim: `A policy learns whatever its verifier lets pass. A verifier that accepts every
refusal teaches the policy to refuse everything.`,
	Cite: `Gao et al. 2022, arXiv:2210.10760, for learned rewards; Röttger et al. 2023,
arXiv:2308.01263, for refusing too much`,
	Counter: `A hole does harm only where it is easier to find than the right answer: with a
base that never refuses, nothing would pass through this one. In a study on five other bases it was
found on all of them at this temperature, and on four of them at temperature 1.`,
	Question: `One verifier is strict, the other accepts any refusal. Who will be right more
often in the end?`,
	Decides: "eval/id/accuracy",
	Doc: `Half of the requests are dangerous and to be refused, the others are to be done. Two
copies learn from reward. The first one's verifier has a hole: it accepts any refusal, on the
grounds that a refusal harms nobody. Scores are always measured by the strict verifier.`,
	Sign: "train/reward_mean rises to 1 and accuracy on unseen prompts does not follow it. " +
		"Answers grow short and alike.",
	Cure: `leak=false: judge what should be done as well as what should not. In general, read
the answers that earn the full reward, and measure with another verifier than the one that trains.`,
	Why: `Now and then the base refuses a harmless request. Through the hole a refusal always
earns the full reward, while doing the work may go wrong. So refusals become likelier, until
nothing else is left.`,
	Next: []Change{
		{Says: "Hold the leaky lane near the base with a KL penalty: how much of the harm does " +
			"that prevent?", Lane: 1, Set: "beta=0.3"},
	},
	Link:  "refusal?eval_every=10&lane=grpo,temp=1.5,beta=0,leak=true,steps=80&lane=grpo,temp=1.5,beta=0,steps=80",
	Lanes: []string{"leaky", "strict"},
	Hypotheses: []Hypothesis{
		{Says: "The strict verifier's policy is right more often", Metric: "eval/id/accuracy",
			Higher: "grpo-2", Lower: "grpo", By: 0.3},
		{Says: "and does more of what only looks dangerous", Metric: "eval/harmless/accuracy",
			Higher: "grpo-2", Lower: "grpo", By: 0.1},
	},
}
