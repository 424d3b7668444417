package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// SuperRL imitates where no rollout has a reward: Liu et al. 2025, arXiv:2506.01096, version 2.
var SuperRL = Method{
	Name:    "superrl",
	Title:   "SuperRL: imitation where reward is silent",
	Cite:    "Liu et al. 2025, arXiv:2506.01096, version 2",
	Family:  "hybrid",
	Formula: "J = mean over prompts: J_sft where every rollout's reward is 0, J_grpo elsewhere",
	Doc: `Learns from reward where there is any, and imitates the expert where there is none. A
prompt for which at least one answer earns something, if only partial credit, is learned from as in
grpo; a prompt that all answers fail is learned from its demonstration. It is hpt with gate 0 and
GRPO's advantages. It needs demonstrations and a verifier.`,
	Deviations: `The rule is from the abstract of the second version; the first was another algorithm, which weighed the
two losses. Either part counts by its share of the prompts.`,
	Unverified: "only the paper's abstract was read",
	Knobs:      knob.Proximal(),
	Apart: "it is one of two rows for each prompt: imitation where no answer earns " +
		"anything, reward elsewhere",
	Collect: objective.CollectWithDemos,
	Build: func(v param.Values) objective.Objective {
		return objective.Gate{
			If:   noReward,
			Then: objective.Row{From: objective.Demo, Reduce: objective.TokenMean},
			Else: objective.Proximal(v,
				objective.Row{Advantage: objective.InGroup(objective.Rollout,
					objective.PenalisedReward(v, objective.Reward), objective.ZScore),
					Reduce: objective.SeqMean}),
			ByShare: true, Requires: objective.Rollouts,
		}
	},
}

// noReward reports whether no rollout of a group has a reward above 0.
func noReward(g objective.Group) bool {
	for _, c := range g {
		if c.Source == objective.Rollout && c.Reward != 0 {
			return false
		}
	}
	return true
}
