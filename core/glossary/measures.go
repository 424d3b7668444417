package glossary

// measures returns the terms for what is measured.
func measures() []Entry {
	return []Entry{
		{Name: "nats", Title: "nats", Forms: []string{"nat"},
			Doc: `The unit of log-probability, entropy and KL when logarithms are natural, as bits
are with base 2; one nat is 1.44 bits. An answer that has become one nat less likely has 1/e of
its probability, about 37 %.`},
		{Name: "kl", Title: "KL", Also: []string{"KL divergence", "Kullback–Leibler divergence"},
			Doc: `Kullback–Leibler divergence: how far one distribution is from another, in nats,
and 0 where they are the same. It has a direction: KL(base‖policy) is an average over what the
base would write, KL(policy‖base) over what the policy writes. It is exact where it is summed over
the whole vocabulary; k1 and k3 are estimates from the sampled tokens alone.`,
			Cite: "Schulman 2020, Approximating KL Divergence (k1 and k3)"},
		{Name: "entropy", Title: "entropy",
			Doc: `How undecided the policy is about the next token, in nats: 0 where one token is
certain. A policy without entropy always gives the same answer and finds nothing new.`},
		{Name: "pass_at_k", Title: "pass@k",
			Doc:  `The share of prompts that are solved by at least one of k answers.`,
			Cite: "Chen et al. 2021, arXiv:2107.03374"},
		{Name: "out_of_distribution", Title: "out of distribution", Also: []string{"ood", "OOD"},
			Doc: `Unlike what was practised, though it takes the same skill. Results there show
whether a skill or only its practised form was learned.`},
		{Name: "prior_skill", Title: "prior skill", Forms: []string{"prior skills"},
			Doc: `Something that the base can do before training and that nobody practises any
more. How much of it is left shows what was forgotten.`},
		{Name: "forgetting", Title: "forgetting", Forms: []string{"forgets", "forget", "forgotten"},
			Doc: `Getting worse at what the base could do, while something else is practised. How
far a policy has moved from its base predicts how much it forgets.`,
			Cite: "Shenfeld et al. 2025, arXiv:2509.04259"},
		{Name: "accuracy", Title: "accuracy", Plain: true,
			Doc: `The share of prompts that are answered right, by one sampled answer each.`},
		{Name: "flop", Title: "FLOP", Forms: []string{"FLOPs", "GFLOP"},
			Doc: `One addition or multiplication of numbers: a measure of arithmetic that does not
depend on the machine.`},
	}
}
