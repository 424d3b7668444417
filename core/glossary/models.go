package glossary

// models returns the terms for models and for whoever judges or shows what to do.
func models() []Entry {
	return []Entry{
		{Name: "policy", Title: "policy", Forms: []string{"policies"},
			Doc: `The model in training, seen as a way to act: after a prompt and what has been
written so far, it gives every possible next token a probability.`},
		{Name: "behaviour_policy", Title: "behaviour policy",
			Doc: `The policy as it was when it sampled an answer. It is the policy itself until
the first update with that answer. Where a sampler of its own samples, it is the policy of that
moment all the same.`},
		{Name: "sampler", Title: "sampler", Forms: []string{"samplers"},
			Doc: `The copy of the policy that samples its answers where that is not the policy
itself: it may be rounded to coarser numbers, or some updates old. Then answers come from another
distribution than the one that learns, and their ratio can be corrected for.`,
			Cite: "Espeholt et al. 2018, arXiv:1802.01561 (IMPALA), on actors that lag behind"},
		{Name: "base", Title: "base", Forms: []string{"bases"}, Also: []string{"base model"},
			Doc: `The pretrained model that lanes start from. It can do the task but is unreliable
at it, so that training has something to improve.`},
		{Name: "reference_model", Title: "reference model", Forms: []string{"reference models"},
			Doc: `A frozen copy of the policy from the start of the stage. A penalty for the KL to
it keeps the policy from moving far away.`,
			Cite: "Ouyang et al. 2022, arXiv:2203.02155"},
		{Name: "teacher", Title: "teacher", Forms: []string{"teachers"},
			Doc: `A better model that the policy learns from by distillation: for every token it
says how likely it would have made it.`,
			Cite: "Agarwal et al. 2023, arXiv:2306.13649"},
		{Name: "verifier", Title: "verifier", Forms: []string{"verifiers"},
			Doc: `The program that checks a finished answer and gives it a reward from 0 (wrong)
to 1 (right). It knows the rules of the task and looks at nothing but the text.`},
		{Name: "reward_model", Title: "reward model", Forms: []string{"reward models"},
			Doc: `A model that was trained to agree with preference labels and gives an answer a
score. Where the score serves as the reward, the policy also learns what the reward model is wrong
about.`,
			Cite: "Ouyang et al. 2022, arXiv:2203.02155"},
		{Name: "annotator", Title: "annotator", Forms: []string{"annotators"},
			Doc: `Whoever says which of two answers is better, or whether one is good. Here the
annotator is a program that goes by the task's own reward, with errors and a bias that you can
set.`},
		{Name: "label", Title: "preference label", Forms: []string{"preference labels", "labels"},
			Doc: `One judgement by the annotator: which of two answers is better, or whether an
answer is good.`},
		{Name: "critic", Title: "critic", Forms: []string{"critics"},
			Doc: `A second model, trained beside the policy, that estimates at every token how
much reward is still to come. Methods such as PPO use it to tell which tokens of an answer were
good.`,
			Cite: "Schulman et al. 2017, arXiv:1707.06347"},
		{Name: "demonstration", Title: "demonstration", Forms: []string{"demonstrations"},
			Doc: `A right answer that the task's expert has written, for the policy to imitate.`},
		{Name: "own_style", Title: "own style",
			Doc: `The way of writing that the base already has. Demonstrations in the base's own
style ask only for fewer mistakes, so imitating them changes little else.`},
		{Name: "foreign_style", Title: "foreign style",
			Doc: `A way of writing that the base would hardly use by itself. To imitate
demonstrations in a foreign style, the policy has to move far from the base, even where their
answers are the same.`},
		{Name: "lora", Title: "LoRA",
			Doc: `Low-rank adaptation: instead of a whole weight matrix, only the product of two
thin matrices that is added to it is trained. Their common side is the rank.`,
			Cite: "Hu et al. 2021, arXiv:2106.09685"},
	}
}
