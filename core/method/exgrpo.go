package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// ExGRPO is Experiential GRPO: Zhan et al. 2025, arXiv:2510.02245, and its code.
var ExGRPO = Method{
	Name:   "exgrpo",
	Title:  "Experiential GRPO",
	Cite:   "Zhan et al. 2025, arXiv:2510.02245, and its code",
	Family: "policy gradient",
	Formula: "J = (1/n) [ Σ_rollouts Σ_t min(ρ_it·A_i, clip(ρ_it, 1−eps_low, 1+eps_high)·A_i) + " +
		"Σ_replayed Σ_t f(ρ_it)·A_i ], f(ρ) = ρ/(ρ+gamma), ρ = π/π_old, " +
		"A_i = r_i − mean over the rollouts and the replayed answer of the prompt",
	Doc: `GRPO that keeps what it has solved. Right answers to prompts that are neither easy nor
hopeless are kept, and half of each batch are such prompts once more, first those that are solved
about half of the time. The model tries them anew, and one kept answer stands beside the new
attempts: the one that the model was surest of, since a right answer found by luck is a bad
example. A token of a kept answer is weighted by a function of its ratio that is steepest for
tokens that have become unlikely, so what was once known and is being lost is learned fastest. It
needs a verifier and no demonstrations.`,
	Deviations: `The replayed answer comes on top of a full group. Entropies are those when an answer was sampled, so that of
every prompt one answer is kept. A visit without any right answer leaves the pool as it was.`,
	Unverified: "whether the authors measure a kept answer's entropy again under the newest " +
		"policy, and what they do with a prompt that is no longer solved at all",
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Epochs, knob.EpsLow, knob.EpsHigh,
		knob.DualClip, knob.Temp, knob.Tempered, knob.Entropy.With(0.001),
		param.Number("share", "", 0.5, 0, 1,
			"Share of a batch's prompts that were solved before and are practised again, once "+
				"there are enough of them. 0 repeats nothing.").
			Called("prompts solved before"),
		param.Number("solved", "", 0.35, 0, 1,
			"Repetition begins after the first batch in which more than this share of the "+
				"answers was right.").
			Called("begins at accuracy"),
		param.Number("gamma", "", 0.1, 0.001, 1,
			"A token of a kept answer is pushed hardest where its probability has fallen to "+
				"this share of what it was when sampled.").
			Called("pushed hardest at ratio (gamma)").Logarithmic()},
	Apart: "it is the sum of two rows, one on rollouts and one on answers kept from " +
		"earlier batches, with one baseline for both",
	Collect: func(v param.Values) objective.Collect {
		c := objective.CollectRollouts(v)
		c.Pool = &objective.Pool{Share: v.Float("share"), Start: v.Float("solved")}
		return c
	},
	Build: func(v param.Values) objective.Objective {
		advantage, gamma := objective.InUnion(rolloutsAndReplays, objective.Reward,
			objective.Centred), v.Float("gamma")
		// ρ·f'(ρ)
		slope := func(ratio, _ float64) float64 {
			return gamma * ratio / ((ratio + gamma) * (ratio +
				gamma))
		}
		return objective.Sum{
			{Weight: 1, Objective: objective.Clipped(v,
				objective.Row{Advantage: advantage, Reduce: objective.SeqSum,
					Among: rolloutsAndReplays})},
			{Weight: 1, Objective: objective.Row{From: objective.Replayed,
				Denom: objective.OverBehaviour, Ratio: slope, Advantage: advantage,
				Reduce: objective.SeqSum, Among: rolloutsAndReplays}},
			{Weight: v.Float("entropy"),
				Objective: objective.EntropyBonus{Reduce: objective.SeqSum}},
		}
	},
}

// rolloutsAndReplays lists the sources of a prompt's answers, earlier ones included.
var rolloutsAndReplays = []objective.Source{objective.Rollout, objective.Replayed}
