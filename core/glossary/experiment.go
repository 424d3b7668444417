package glossary

// experiment returns the terms for what is set up and run.
func experiment() []Entry {
	return []Entry{
		{Name: "lane", Title: "lane", Forms: []string{"lanes"},
			Doc: `A copy of the base that is trained in its own way. The lanes of an experiment
run side by side on the same task, so that they can be compared.`},
		{Name: "stage", Title: "stage", Forms: []string{"stages"},
			Doc: `One method at its settings, for a number of updates. A lane has one stage or
several, one after the other: for instance imitation first, then learning from reward.`},
		{Name: "recipe", Title: "recipe", Forms: []string{"recipes"},
			Doc: `All that decides a result: the task, the base, the lanes with their settings,
and the seed. A link is a recipe written as text.`},
		{Name: "exhibit", Title: "exhibit", Forms: []string{"exhibits"},
			Doc: `An experiment made ready: a claim from the literature, what speaks against it, a
question to answer before you run it, and a recipe that puts the claim to the test.`},
		{Name: "verdict", Title: "verdict", Forms: []string{"verdicts"},
			Doc: `What the page says in words after a run: which lane did best and what got better
or worse. A change counts as one only where it is larger than chance explains.`},
		{Name: "seed", Title: "seed", Forms: []string{"seeds"},
			Doc: `The number from which all random draws of a run follow. The same recipe with the
same seed gives the same result; another seed shows how much of a result is luck.`},
		{Name: "digest", Title: "digest", Forms: []string{"digests"},
			Doc: `A fingerprint of all weights of a trained lane (sha256), or of the rows of a
data set. Equal digests mean equal weights to the last bit, so by comparing digests you can check
that a run gave the same result on another machine.`},
		{Name: "engine", Title: "engine", Forms: []string{"engines"},
			Doc: `The version of the numerics. The same recipe gives the same digests on the same
engine; a link says with which engine it was made.`},
		{Name: "task", Title: "task", Forms: []string{"tasks"}, Plain: true,
			Doc: `A kind of problem with rules that a program can check, such as adding up cards.`},
		{Name: "level", Title: "level", Forms: []string{"levels"},
			Doc: `A kind of problem within a task. Lanes practise the level id; the others are
only measured: ood is the same skill out of distribution, prior is a skill from before.`},
		{Name: "prompt", Title: "prompt", Forms: []string{"prompts"}, Plain: true,
			Doc: `What the model is given and has to answer, such as A3K72= in the card game.`},
		{Name: "response", Title: "response", Forms: []string{"responses", "answers"},
			Also: []string{"answer"}, Plain: true,
			Doc: `What the model writes after a prompt. It ends with an end token, or is cut off
when it gets too long.`},
		{Name: "token", Title: "token", Forms: []string{"tokens"}, Plain: true,
			Doc: `The unit that a model reads and writes. In this playground a token is one
symbol: a letter, a digit or a sign, or in stories a word.`},
		{Name: "held_out", Title: "held out", Forms: []string{"held-out"},
			Doc: `Kept from all training, also from that of the base, and used for measuring only.
So what is measured is a skill and not what was learned by heart.`},
	}
}
