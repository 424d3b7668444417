package recipe

var _ = register(Exhibit{
	Name:  "memorise",
	Title: "SFT memorises, RL generalises",
	Claim: "Fine-tuned on demonstrations a model learns the practised rule and loses the others; trained by its own attempts and a verifier it gets better at both.",
	Cite:  "Chu et al. 2025, arXiv:2501.17161",
	Counter: `Lin & Zhang 2025, arXiv:2510.00237: with diverse prompts and worked solutions SFT matches RL on the same tasks.
Here too: with demonstrations in the base's own style (style=x) the gap shrinks.`,
	Question: "Both lanes practise rule A alone. Which of them will still know rule B, and which will still be able to sort?",
	Doc: `The base adds up cards under either rule, carelessly: about half of its answers are right. One lane imitates 500
demonstrations of rule A, written in a style that is foreign to the base. The other answers the same 500 prompts
itself, sixteen at a time and each eight times, and is told which answers were right. Look at rule B (ood) and at sorting (prior).`,
	Next: "Let the demonstrations speak the base's own style (style=x), or lower the learning rate of SFT: is it the method or the data?",
	Link: "cards?lane=sft,lr=3e-3,style=y,steps=300&lane=grpo,lr=4e-4,beta=0,steps=150",
})
