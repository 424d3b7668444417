package recipe

// FailureHot is the exhibit "Too high a learning rate".
var FailureHot = Exhibit{
	Name:   "failure_hot",
	Title:  "Too high a learning rate",
	Group:  GroupFailures,
	Asks:   "What if the learning rate is too high?",
	Museum: true,
	Claim: `If updates are too large, a policy loses what it could do. It ends where all its
answers earn the same, and nothing leads back.`,
	Cite: `textbook knowledge; Schulman et al. 2017, arXiv:1707.06347, on why policy gradients
need small updates`,
	Counter: `At this size learning rates work that would break a large model: three hundred
times those that are common there. And a rate that learns is not yet one that keeps: in a study on
five other bases a tenth of the high rate learned the game and cost four tenths of sorting.`,
	Question: `The same method, once with twenty-five times the learning rate. Who will know
the game in the end?`,
	Decides: "eval/id/accuracy",
	Doc: `Two copies of a base that is right about half of the time learn a card game from
reward. One of them has twenty-five times the learning rate.`,
	Sign: `Reward falls within a few updates; entropy and length jump; then train/active_share
is 0 and the gradient as well. The KL from the base is tens of nats.`,
	Cure: "lr=0.0004. A warm-up (warmup=20) and a shorter clip help a little.",
	Why: `A policy gradient says which direction is better from here, but not how far. If an
update goes much too far, everything that is sampled next is bad, and a group of answers that are
all wrong gives no direction.`,
	Next: []Change{
		{Says: "Find the limit: this learning rate still works, but costs what was known before.",
			Lane: 1, Set: "lr=2e-3"},
		{Says: "Let the high learning rate fall along a cosine.", Lane: 1, Set: "schedule=cosine"},
	},
	Link:  "cards?lane=grpo,lr=1e-2,beta=0,steps=80&lane=grpo,lr=4e-4,beta=0,steps=80",
	Lanes: []string{"rate too high", "lower rate"},
	Hypotheses: []Hypothesis{
		{Says: "The lower rate learns the game", Metric: "eval/id/accuracy", Higher: "grpo-2",
			Lower: "grpo", By: 0.5},
		{Says: "and keep what was known before", Metric: "eval/prior/accuracy", Higher: "grpo-2",
			Lower: "grpo", By: 0.5},
	},
}
