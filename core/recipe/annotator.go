package recipe

// Annotator is the exhibit "Whose taste? Labels with errors and with a bias".
var Annotator = Exhibit{
	Name:     "annotator",
	Title:    "Whose taste? Labels with errors and with a bias",
	Claim:    "Preference learning takes over what the annotators have in common, also what nobody wanted: a liking for length makes answers longer. Errors at random only slow it down.",
	Cite:     "Singhal et al. 2023, arXiv:2310.03716; Chowdhury et al. 2024, arXiv:2403.00409",
	Counter:  "Park et al. 2024, arXiv:2403.19159: penalising length in the objective removes most of the effect.",
	Question: "One annotator is careful, one errs in two of ten labels, one likes length. Whose melodies will be best?",
	Decides:  "eval/id/reward",
	Beside:   "eval/id/response_tokens",
	Doc: `Three copies of one base learn from comparisons of melodies by DPO. The first annotator always sees which of two is better. The second
turns two of ten labels round. The third sees as well as the first, and finds each further note worth a good
deal more, whatever it sounds like. Good melodies have thirteen notes. Look at the reward, and at the length.`,
	Why: `Errors that are independent of the melodies cancel over many labels: they make the margin smaller, not another one. A bias
does not cancel. To the learner it is part of what is liked, and often the part that is easiest to please.`,
	Next: []Change{
		{Says: "Tell the second lane that two labels in ten are wrong (cDPO).", Lane: 2, Instead: "cdpo,flip=0.2,steps=100"},
		{Says: "Turn the third annotator's bias round: he now likes short melodies.", Lane: 3, Set: "length_bias=-0.3"},
	},
	Link:  "taste?lane=dpo,steps=100&lane=dpo,flip=0.2,steps=100&lane=dpo,length_bias=0.3,steps=100",
	Lanes: []string{"careful", "errs", "likes length"},
	Hypotheses: []Hypothesis{
		{Says: "A bias for length makes answers longer", Metric: "eval/id/response_tokens", Higher: "dpo-3", Lower: "dpo", By: 0.5},
		{Says: "and worse than careful labels do", Metric: "eval/id/reward", Higher: "dpo", Lower: "dpo-3", By: 0.03},
		{Says: "Errors cost less than the bias", Metric: "eval/id/reward", Higher: "dpo-2", Lower: "dpo-3", By: 0.02},
	},
}
