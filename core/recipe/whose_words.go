package recipe

// WhoseWords is the exhibit "Whose words?".
var WhoseWords = Exhibit{
	Name:  "whose_words",
	Title: "Whose words?",
	Group: GroupReasoning,
	Asks:  "Is it the method that counts, or whose words it learns from?",
	Claim: `What a model keeps and what carries over depends less on the method than on whose
words it learns from. Its own words carry over to longer stories, whether an expert writes in its
style, or it imitates its own right answers, or it learns from reward. Foreign words do not.`,
	Cite: "Chen et al. 2025, arXiv:2510.18874; Shenfeld et al. 2025, arXiv:2509.04259",
	Counter: `Chu et al. 2025, arXiv:2501.17161: it is the method, SFT memorises and RL
generalises. In our trials SFT in the base's own style was as good as reward at every level, but
neither is safe: at a constant learning rate, or with few prompts per update, they drift towards
short answers. In a study on five other bases own words were better at longer stories than foreign
ones on each, .77 to .79 against .53, and no difference between the own words was shown; that
foreign words cost as much as .2 is not certain.`,
	Question: "All four practise short stories. Whose words carry over best to longer ones, " +
		"which nobody practises?",
	Decides: "eval/more/accuracy",
	Doc: `Four copies of a small model practise sums in stories, each in its own way. They share 500
short stories, with two events and bags of two. The first imitates an expert who writes equations,
as the base does. The second imitates an expert who says the same in other words: she has 14. The
third samples answers once before it begins and imitates those that were right (RFT). The fourth learns from reward as it goes (GRPO). Look at what
they make of a third event, of larger bags, and of a sentence that does not matter.`,
	Why: `The base can tell all of these stories, but it writes a wrong number now and then. To
be right more often in its own words it only has to stop that, and this helps with every story.
Foreign words have to be learned, and from short stories alone it learns short answers: after two
events comes the end. Learning them also moves the model far from its base (Chen et al. 2025;
Shenfeld et al. 2025).`,
	Next: []Change{
		{Says: "After the foreign words, reward: does it undo the harm?", Lane: 2,
			Instead: "sft,style=y,lr=5e-4,schedule=cosine,steps=80~grpo,lr=4e-4,batch=64,group=4,beta=0,schedule=cosine,steps=30"},
		{Says: "Give reward a quarter of the prompts per update: do longer stories suffer?",
			Lane: 4, Set: "batch=16,group=8,steps=60"},
		{Says: "Double the learning rate of the foreign style.", Lane: 2, Set: "lr=1e-3"},
	},
	Link: "stories?eval_every=20&eval_prompts=128" +
		"&lane=sft,lr=3e-4,schedule=cosine,steps=40" +
		"&lane=sft,lr=5e-4,schedule=cosine,style=y,steps=80" +
		"&lane=rft,lr=5e-4,schedule=cosine,steps=40" +
		"&lane=grpo,lr=4e-4,batch=64,group=4,beta=0,schedule=cosine,steps=30",
	Lanes: []string{"SFT, own style", "SFT, foreign style", "RFT", "GRPO"},
	Hypotheses: []Hypothesis{
		{Says: "SFT in the base's own style is better at longer stories than SFT in a foreign one",
			Metric: "eval/more/accuracy", Higher: "sft", Lower: "sft-2", By: 0.2},
		{Says: "So is imitation of the model's own right answers", Metric: "eval/more/accuracy",
			Higher: "rft", Lower: "sft-2", By: 0.2},
		{Says: "and so is reward", Metric: "eval/more/accuracy", Higher: "grpo", Lower: "sft-2",
			By: 0.2},
		{Says: "Reward is not much better than SFT in the base's own style",
			Metric: "eval/more/accuracy", Higher: "sft", Lower: "grpo", By: -0.1},
		{Says: "Foreign words make a sentence that does not matter matter more",
			Metric: "eval/noop/accuracy", Higher: "sft", Lower: "sft-2", By: 0.05},
		{Says: "They move the model more than three times as far from its base as reward does",
			Metric: "eval/id/kl_base_policy_nats", Higher: "sft-2", Lower: "grpo", Ratio: true,
			By: 3},
	},
}
