package method

import "posttrain/core/param"

var _ = register(Method{
	Name:    "superrl",
	Title:   "SuperRL: imitation where reward is silent",
	Cite:    "Liu et al. 2025, arXiv:2506.01096, version 2",
	Family:  "hybrid",
	Formula: "J = mean over prompts: J_sft where every rollout's reward is 0, J_grpo elsewhere",
	Doc: `Learns from reward where there is any, and imitates the expert where there is none. A prompt to which any of
the model's answers earns something, be it partial credit, is left to grpo; one that all answers fail is learned from
the demonstration. It is hpt with gate 0 and GRPO's advantages. It needs demonstrations and a verifier.`,
	Deviations: `The rule is from the abstract of the second version; the first was another algorithm, which weighed the
two losses. Either part counts by its share of the prompts.`,
	Unverified: "only the paper's abstract was read",
	Knobs:      proximalKnobs(),
	Collect:    guided,
	Build: func(v param.Values) Objective {
		return Gate{
			If:      silent,
			Then:    Row{From: Demo, Reduce: TokenMean},
			Else:    proximal(v, Row{Advantage: InGroup(Rollout, earned(v, Reward), ZScore), Reduce: SeqMean}),
			ByShare: true, Requires: Rollouts,
		}
	},
})

// silent reports that no rollout of a group earns anything.
func silent(g Group) bool {
	for _, c := range g {
		if c.Source == Rollout && c.Reward != 0 {
			return false
		}
	}
	return true
}
