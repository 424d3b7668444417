package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// NSR is negative sample reinforcement: Zhu et al. 2025, arXiv:2506.01347, and its code.
var NSR = Method{
	Name:   "nsr",
	Title:  "Negative sample reinforcement",
	Cite:   "Zhu et al. 2025, arXiv:2506.01347, and its code",
	Family: "policy gradient",
	Formula: "J = (1/N) Σ_i Σ_t [ min(ρ_it·A_i, clip(ρ_it, 1−eps_low, 1+eps_high)·A_i) − β·k3_it " +
		"] over the N tokens of all answers, A_i = r_i − 1",
	Doc: `Learns from wrong answers alone: the half of reinforcement learning that says what not to do. Each wrong
answer is made less likely, and what it loses goes to everything else the model believes in, in proportion. It needs a
verifier and no demonstrations. Because nothing is preferred among the rest it keeps the model's variety; but it can
only remove, so a model that is nearly always wrong falls apart under it.`,
	Knobs:   knob.Proximal(),
	Dials:   "advantage=weighted,lambda=0,average=tokens",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		reward := objective.PenalisedReward(v, objective.Reward)
		return objective.Proximal(v, objective.Row{
			Advantage: objective.PerCompletion(
				func(c *objective.Completion) float64 { return reward(c) - 1 }),
			Reduce: objective.TokenMean,
		})
	},
}
