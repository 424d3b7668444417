package recipe

// FailureOverfit is the exhibit "Over-fitted SFT".
var FailureOverfit = Exhibit{
	Name:   "failure_overfit",
	Title:  "Over-fitted SFT",
	Group:  GroupFailures,
	Asks:   "What if there are only eight demonstrations?",
	Museum: true,
	Claim: `A few demonstrations that are repeated again and again are learned by heart: the
loss on them falls to zero while older skills are lost, and unseen problems come out worse than
after a few updates.`,
	Cite: "Kang et al. 2025, arXiv:2510.01624, where more epochs raise the score of SFT and " +
		"lower what follows",
	Counter: `Ouyang et al. 2022, arXiv:2203.02155, train SFT for sixteen epochs although it
over-fits after one, because what people prefer goes on improving. In a study on five other bases,
at the better of two learning rates, unseen hands stayed above the base (.61 against .49); what was
lost is sorting (.97 to .33) and greedy accuracy (1 to .79).`,
	Question: `Eight demonstrations: who will be better at unseen hands, the copy that goes on
or the one that stops early?`,
	Decides: "eval/id/accuracy",
	Doc: `Two copies of a base that is right about half of the time imitate eight
demonstrations in its own style, sixty-four at a time. One stops after 10 updates, the other after
150.`,
	Sign: `train/loss_nats falls towards zero, accuracy on unseen prompts falls again, and with
greedy answers it falls below that of the base.`,
	Cure: "steps=10: stop when accuracy on held-out prompts stops rising. More demonstrations " +
		"(demos=0, all of them) help more.",
	Why: `At first the copies learn to be careful, which helps with every hand. After that the
loss can only fall by learning these eight hands by heart.`,
	Next: []Change{
		{Says: "Lower the learning rate of the long run.", Lane: 1, Set: "lr=1e-4"},
		{Says: "Pull the weights of the long run back to where they started.", Lane: 1,
			Set: "anchor=0.1"},
	},
	Link:  "cards?lane=sft,demos=8,steps=150&lane=sft,demos=8,steps=10",
	Lanes: []string{"the long run", "the short run"},
	Hypotheses: []Hypothesis{
		{Says: "Stopping early is better at unseen hands", Metric: "eval/id/accuracy",
			Higher: "sft-2", Lower: "sft", By: 0.1},
		{Says: "greedily as well", Metric: "eval/id/accuracy_greedy", Higher: "sft-2", Lower: "sft",
			By: 0.1},
	},
}
