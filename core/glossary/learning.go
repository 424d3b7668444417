package glossary

// learning returns the terms for how a policy is changed.
func learning() []Entry {
	return []Entry{
		{Name: "sft", Title: "SFT", Also: []string{"supervised fine-tuning"},
			Doc: `Supervised fine-tuning: the policy imitates demonstrations, by making each of
their tokens likelier.`},
		{Name: "rl", Title: "RL", Also: []string{"reinforcement learning"},
			Doc: `Reinforcement learning: the policy answers by itself and is told how good its
answers are. What earned a high reward becomes likelier.`},
		{Name: "rollout", Title: "rollout", Forms: []string{"rollouts"},
			Doc: `An answer that the policy has sampled in order to learn from it.`},
		{Name: "completion", Title: "completion", Forms: []string{"completions"},
			Doc: `A response as a method sees it, whoever wrote it: its source, its reward, and
numbers for each token. Rollouts and demonstrations are completions.`},
		{Name: "group", Title: "group", Forms: []string{"groups"},
			Doc: `All answers to one prompt in a batch. Many methods judge an answer by comparing
it with the others of its group, and learn nothing where all of them earn the same.`,
			Cite: "Shao et al. 2024, arXiv:2402.03300 (GRPO)"},
		{Name: "update", Title: "update", Forms: []string{"updates"},
			Also: []string{"optimiser update"},
			Doc:  `One change of the weights by the optimiser, also called a step.`},
		{Name: "reward", Title: "reward", Forms: []string{"rewards"},
			Doc: `A number that says how good a whole answer is, usually 1 for right and 0 for
wrong. Methods of RL change the policy so that it earns more.`},
		{Name: "gold_reward", Title: "gold reward",
			Doc: `The reward by the task's own verifier, where the policy is trained on something
else, such as the score of a reward model. It shows whether the policy has really become better.`,
			Cite: "Gao et al. 2022, arXiv:2210.10760"},
		{Name: "advantage", Title: "advantage", Forms: []string{"advantages"},
			Doc: `How much better an answer is than expected, often its reward minus the mean
reward of its group. Tokens with a positive advantage become likelier, those with a negative one
less likely.`},
		{Name: "ratio", Title: "ratio", Forms: []string{"ratios"},
			Also: []string{"importance ratio"},
			Doc: `How many times as likely the policy makes a token now as the policy that sampled
it did. It is 1 until the first update with that token.`},
		{Name: "mask", Title: "mask", Forms: []string{"masks"},
			Doc: `A factor of 0 or 1 that says whether a token takes part in an update at all.`},
		{Name: "clip", Title: "clip", Forms: []string{"clipped", "clipping"},
			Doc: `A limit on how far one batch may move a token: once its ratio has left a band
around 1, the token is not pushed any further.`,
			Cite: "Schulman et al. 2017, arXiv:1707.06347 (PPO)"},
		{Name: "coefficient", Title: "coefficient", Forms: []string{"coefficients"},
			Doc: `The number by which a method multiplies the gradient of one token's
log-probability: above 0 the token becomes likelier, below 0 less likely. What a method decides is
these numbers.`,
			Cite: "Shao et al. 2024, arXiv:2402.03300, section 5.2"},
		{Name: "temperature", Title: "temperature", Forms: []string{"temperatures"},
			Doc: `What logits are divided by before they become probabilities. Above 1 sampling is
more varied, below 1 it keeps to the likeliest tokens, and at 1 it follows the model as it is.`},
	}
}
