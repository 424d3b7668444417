package recipe

// Parity is the exhibit "Thinking longer because it pays".
var Parity = Exhibit{
	Name:  "parity",
	Title: "Thinking longer because it pays",
	Group: GroupReasoning,
	Asks:  "Does reward make a model think for longer?",
	Claim: `A model that has seen few long answers among many short ones goes on guessing,
however long it imitates. Reward makes it write longer answers, and right ones.`,
	Cite: "Tsilivis et al. 2025, arXiv:2510.11495",
	Counter: `The same paper: if more than a third of the data are long answers, imitation
alone gets there too. In a study on five other bases it did: with two fifths of long answers it was
right at its end (.91), though at equal arithmetic reward was ahead (.82 and .61). That reward keeps
more of writing backwards than imitation of long answers was not shown, as both were tuned alike.`,
	Question: "Nobody asks for long answers. Which lane will write them?",
	Decides:  "eval/id/response_tokens",
	Doc: `Is the number of ones among sixteen bits odd? Whoever answers at once can only guess;
whoever writes down the parity after every bit is right. The base has seen both, three short
answers for each long one. One copy imitates short answers, one imitates long ones, and one is only
told whether its own answers were right. Watch how long the answers get.`,
	Why: `Long answers are right more often, so reward makes them likelier, and because they
are likelier they are tried more often. The objective has no term for length. A round that keeps
only right answers turns a share p of long ones into 2p/(1+p), which is more than one half once p
is more than one third.`,
	Next: []Change{
		{Says: "Put a price on length: add DAPO with its penalty for long answers.", Lane: 4,
			Instead: "dapo,lr=3e-4,l_max=10,l_cache=8,steps=120"},
	},
	Link:  "parity?lane=sft,style=short,steps=100&lane=sft,style=long,steps=100&lane=grpo,lr=3e-4,beta=0,steps=120",
	Lanes: []string{"SFT, short", "SFT, long", "GRPO"},
	Hypotheses: []Hypothesis{
		{Says: "Reward makes answers longer by itself", Metric: "eval/id/response_tokens",
			Higher: "grpo", Lower: "sft", By: 8},
		{Says: "and right", Metric: "eval/id/accuracy_greedy", Higher: "grpo", By: 0.95},
		{Says: "Short answers stay a coin toss", Metric: "eval/id/accuracy_greedy", Higher: "grpo",
			Lower: "sft", By: 0.3},
		{Says: "Reward keeps more of writing backwards than imitation of long answers",
			Metric: "eval/prior/accuracy", Higher: "grpo", Lower: "sft-2", By: 0.3},
	},
}
