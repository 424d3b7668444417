package recipe

// Memorise is the exhibit "SFT memorises, RL generalises".
var Memorise = Exhibit{
	Name:  "memorise",
	Title: "SFT memorises, RL generalises",
	Group: GroupMemory,
	Asks:  "Does the model remember or understand?",
	Claim: `Fine-tuned on an expert's demonstrations, a model learns the practised rule and
loses the others. Trained by its own attempts and a verifier, it gets better at both.`,
	Cite: "Chu et al. 2025, arXiv:2501.17161",
	Counter: `Lin et al. 2025, arXiv:2510.00237: with diverse prompts and worked solutions SFT
matches RL on the same tasks. Here, too: in a study on five other bases there was no gap when the
demonstrations were in the base's own style (style=x). Where nine in ten are right, SFT then has .86
of the other rule right and GRPO .84, and that GRPO keeps more of sorting was not shown.`,
	Question: "Both practise rule A alone. Who will be better at rule B, which nobody practises?",
	Decides:  "eval/ood/accuracy",
	Doc: `A small transformer half knows a card game: under either of two rules it is right
about half of the time. Two copies of it practise rule A. One is shown 500 worked answers, written
in a style that is foreign to it, and imitates them (SFT). The other answers the same 500 hands
itself, 16 hands per update with 8 answers to each, and is only told which answers were right
(GRPO, a kind of RL). Afterwards both are tested on rule B, and on sorting digits, which they could
do before.`,
	Why: `A demonstration says which symbol comes next, in the demonstrator's style. To write
like that, SFT has to move far from the base, and loses much of what the base knew on the way. GRPO
only makes those of its own answers likelier that turned out right. These are close to what it
would have written anyway, so it stays near the base and keeps what the base knew. How far a policy
has moved from its base predicts how much it forgets (Shenfeld et al. 2025, arXiv:2509.04259).`,
	Next: []Change{
		{Says: "Write the demonstrations in the base's own style: is it the method or the data?",
			Lane: 1, Set: "style=x"},
		{Says: "Give SFT a third of its learning rate.", Lane: 1, Set: "lr=1e-3"},
	},
	Link: "cards?lane=sft,lr=3e-3,style=y,steps=300&lane=grpo,lr=4e-4,beta=0,steps=150",
	Hypotheses: []Hypothesis{
		{Says: "GRPO is better at the rule that nobody practises", Metric: "eval/ood/accuracy",
			Higher: "grpo", Lower: "sft", By: 0.2},
		{Says: "and keeps more of sorting", Metric: "eval/prior/accuracy", Higher: "grpo",
			Lower: "sft", By: 0.2},
	},
}
