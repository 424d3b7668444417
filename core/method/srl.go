package method

import (
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// SRL is supervised reinforcement learning, step by step: Deng et al. 2025, arXiv:2510.25992.
var SRL = Method{
	Name:   "srl",
	Title:  "Supervised reinforcement learning, step by step",
	Cite:   "Deng et al. 2025, arXiv:2510.25992",
	Family: "hybrid",
	Formula: "J = J_grpo over the sampled tokens, where r = 2M/T of the step that the model " +
		"writes and the expert's: M tokens in matching " +
		"blocks, of T in both; every answer to a prompt begins with k steps of its " +
		"demonstration, k uniform",
	Doc: `Cuts a demonstration into steps, begins every answer to a prompt with some of them and
lets the model write the next one. The reward is not the verifier's, but how similar that step is
to the expert's, counted in runs of symbols that are the same in both. So there is something to
learn from even where no whole answer would ever be right, and what is almost right earns almost as
much, which imitation token by token does not allow. A group whose steps all earn the same teaches
nothing and is left out. It needs demonstrations, and no verifier.`,
	Deviations: `A step is a fixed number of tokens; the paper's are steps of reasoning, before which the model may think, and which must keep to a
format. The last step is practised as well. Where the paper leaves out prompts whose steps all score the same and samples others, the batch
shrinks here.`,
	Unverified: "only summaries of the paper were read: how it averages over tokens, and its clip",
	Knobs: knob.Hinted(
		param.Integer("step_tokens", "tokens", 2, 1, 64,
			"Tokens of one step of a demonstration.").
			Called("tokens of a step")),
	Apart: "its rollouts begin with a part of the expert's answer and are one step long",
	Collect: func(v param.Values) objective.Collect {
		c, step := objective.CollectDynamicSampling(v), v.Int("step_tokens")
		c.Hint = &objective.Hint{Rollouts: c.Group, Step: step,
			Length: func(r *num.Rand, tokens, _, _ int) int {
				// with its End, a demonstration has ⌈(tokens+1)/step⌉ = ⌊tokens/step⌋ + 1 steps
				return step * r.IntN(tokens/step+1)
			}}
		return c
	},
	Build: func(v param.Values) objective.Objective {
		return objective.HintSplit{Sampled: objective.Proximal(v,
			objective.Row{Advantage: objective.InGroup(objective.Rollout, objective.Reward,
				objective.ZScore), Reduce: objective.SeqMean})}
	},
}
