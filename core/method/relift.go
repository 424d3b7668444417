package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// ReLIFT is reinforcement learning interleaved with fine-tuning: Ma et al. 2025,
// arXiv:2506.07527, and its code.
var ReLIFT = Method{
	Name:   "relift",
	Title:  "Reinforcement learning interleaved with fine-tuning",
	Cite:   "Ma et al. 2025, arXiv:2506.07527, and its code",
	Family: "hybrid",
	Formula: "J = J_grpo on a batch of rollouts, J_sft on a batch of demonstrations; the " +
		"demonstrations are those of prompts none of whose rollouts " +
		"was right, first in, first out, and their turn comes whenever a whole batch of them waits",
	Doc: `Learns from reward, and sets aside the prompts that it could not solve at all. A prompt
whose answers all fail joins a queue; as soon as the queue fills a batch, the next update imitates
the demonstrations of these prompts, and nothing is sampled. So imitation is spent on what is too
hard for reward, a demonstration is needed only there, and such updates become rare as the model
gets better. It needs a verifier, and an expert for the hardest prompts.`,
	Deviations: `A batch of demonstrations has as many prompts as any other, and serves as many updates (epochs). The prompts
whose turn it would have been in a step of imitation are passed over until the next round.`,
	Knobs: knob.Proximal(knob.Entropy.With(0.001)),
	Apart: "it is one of two rows at each step: reward, and imitation when enough prompts " +
		"have been failed",
	Collect: func(v param.Values) objective.Collect {
		c := objective.CollectRollouts(v)
		c.Backlog = allWrong
		return c
	},
	Build: func(v param.Values) objective.Objective {
		return append(objective.Proximal(v,
			objective.Row{Advantage: objective.InGroup(objective.Rollout,
				objective.PenalisedReward(v,
					objective.Reward), objective.ZScore), Reduce: objective.SeqMean}),
			objective.Weighted{Weight: 1, Objective: objective.Row{From: objective.Demo}})
	},
}

// allWrong reports whether no rollout of a group is right.
func allWrong(g objective.Group) bool {
	right, _ := objective.CountCorrect(g)
	return right == 0
}
