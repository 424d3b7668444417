package recipe

// FailureLength is the exhibit "Length bias".
var FailureLength = Exhibit{
	Name:   "failure_length",
	Title:  "Length bias",
	Group:  GroupFailures,
	Asks:   "What if annotators like long answers?",
	Museum: true,
	Claim:  "Annotators who like length make answers longer, and worse than they could be.",
	Cite:   "Singhal et al. 2023, arXiv:2310.03716",
	Counter: `Park et al. 2024, arXiv:2403.19159: penalising length in the objective removes
most of the effect, with the same labels. In a study on five other bases melodies got better than the
base's all the same (.66 after .60), and those of annotators who judge by ear got to .71.`,
	Question: `One annotator judges by ear alone, the other prefers a melody for each further
note. Whose melodies will be better?`,
	Decides: "eval/id/reward",
	Doc: `Two copies learn from comparisons of their own newest melodies (online DPO). The
first one's annotator adds 0.3 for each further note, whatever it sounds like; a full reward is 1.
Good melodies have thirteen notes.`,
	Sign: `eval/id/response_tokens and train/response_tokens keep rising, and reward does not
rise with them.`,
	Cure: "length_bias=0: ask annotators to judge answers of the same length, or subtract what " +
		"length explains from the labels.",
	Why: `A liking for length is easier to satisfy than taste: one more note wins comparisons
at any place of any melody, while a better note wins few.`,
	Next: []Change{
		{Says: "Reverse the bias: do the melodies get too short?", Lane: 1,
			Set: "length_bias=-0.3"},
	},
	Link: "taste?lane=online_dpo,length_bias=0.3,steps=50&lane=online_dpo,steps=50",
	Lanes: []string{
		"likes length", "judges by ear",
	},
	Hypotheses: []Hypothesis{
		{Says: "The bias makes answers longer", Metric: "eval/id/response_tokens",
			Higher: "online_dpo", Lower: "online_dpo-2", By: 0.3},
		{Says: "and worse", Metric: "eval/id/reward", Higher: "online_dpo-2", Lower: "online_dpo",
			By: 0.03},
	},
}
