package recipe

// Annotator is the exhibit "Whose taste? Labels with errors and with a bias".
var Annotator = Exhibit{
	Name:  "annotator",
	Title: "Whose taste? Labels with errors and with a bias",
	Group: GroupPreferences,
	Asks:  "What do annotators teach without meaning to?",
	Claim: `Preference learning takes over whatever the annotators have in common, wanted or
not: if they like length, answers get longer. Random errors only slow it down.`,
	Cite: "Singhal et al. 2023, arXiv:2310.03716; Chowdhury et al. 2024, arXiv:2403.00409",
	Counter: `Park et al. 2024, arXiv:2403.19159: penalising length in the objective removes
most of the effect. In a study on five other bases, with two learning rates for each annotator,
melodies were .10 worse for the liking for length and a note longer; the length is certain, the rest
only likely.`,
	Question: `One annotator is careful, one gets two of ten labels wrong, one likes length.
Whose melodies will be best?`,
	Decides: "eval/id/reward",
	Beside:  "eval/id/response_tokens",
	Doc: `Three copies of one base learn by DPO from pairs of melodies. For each pair an
annotator says which melody is better. The first annotator is always right. The second is wrong in
two of ten cases. The third judges as well as the first, but also likes length: each further note
counts in favour of a melody, whatever it sounds like. Good melodies have thirteen notes. Compare
the reward and the length of the answers.`,
	Why: `Errors that have nothing to do with the melodies cancel out over many labels: they
weaken what is learned, but do not lead elsewhere. A bias does not cancel out. The model takes it
for a part of good taste, and often it is the part that is easiest to satisfy.`,
	Next: []Change{
		{Says: "Tell the second lane that two labels in ten are wrong (cDPO).", Lane: 2,
			Instead: "cdpo,flip=0.2,steps=100"},
		{Says: "Reverse the third annotator's bias, so that short melodies are liked.", Lane: 3,
			Set: "length_bias=-0.3"},
	},
	Link:  "taste?lane=dpo,steps=100&lane=dpo,flip=0.2,steps=100&lane=dpo,length_bias=0.3,steps=100",
	Lanes: []string{"careful", "errs", "likes length"},
	Hypotheses: []Hypothesis{
		{Says: "A bias for length makes answers longer", Metric: "eval/id/response_tokens",
			Higher: "dpo-3", Lower: "dpo", By: 0.5},
		{Says: "and worse than careful labels do", Metric: "eval/id/reward", Higher: "dpo",
			Lower: "dpo-3", By: 0.03},
		{Says: "Errors cost less than the bias", Metric: "eval/id/reward", Higher: "dpo-2",
			Lower: "dpo-3", By: 0.02},
	},
}
