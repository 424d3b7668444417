package recipe

// FailureHot is the exhibit "Too hot a learning rate".
var FailureHot = Exhibit{
	Name:     "failure_hot",
	Title:    "Too hot a learning rate",
	Museum:   true,
	Claim:    "With too long steps a policy leaps past what it could do, into a corner where all its answers earn the same, and nothing leads out again.",
	Cite:     "a commonplace; Schulman et al. 2017, arXiv:1707.06347, on why policy gradients need short steps",
	Counter:  "At this size learning rates work that would break a large model: three hundred times those that are usual there.",
	Question: "The same method, one with twenty-five times the learning rate. Who knows the game in the end?",
	Decides:  "eval/id/accuracy",
	Doc:      "Two copies of a base that is right about half of the time learn a card game from reward. One of them takes steps twenty-five times as long.",
	Sign:     "Reward falls within a few updates; entropy and length leap; then train/active_share is 0 and the gradient as well. The KL from the base is tens of nats.",
	Cure:     "lr=0.0004. A warm-up (warmup=20) and a shorter clip help at the margin.",
	Why: `A policy gradient says which way is better from here, not how far that holds. Where a step ends far outside of that, what is sampled next is bad as a
whole, and a group of answers that are all wrong has no direction to offer.`,
	Next: []Change{
		{Says: "Find the edge: this learning rate still works, but what was known before goes.", Lane: 1, Set: "lr=2e-3"},
		{Says: "Let the hot learning rate fall along a cosine.", Lane: 1, Set: "schedule=cosine"},
	},
	Link:  "cards?lane=grpo,lr=1e-2,beta=0,steps=80&lane=grpo,lr=4e-4,beta=0,steps=80",
	Lanes: []string{"too hot", "cooler"},
	Hypotheses: []Hypothesis{
		{Says: "The shorter steps arrive", Metric: "eval/id/accuracy", Higher: "grpo-2", Lower: "grpo", By: 0.5},
		{Says: "and keep what was known before", Metric: "eval/prior/accuracy", Higher: "grpo-2", Lower: "grpo", By: 0.5},
	},
}
