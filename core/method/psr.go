package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// PSR is positive sample reinforcement: Zhu et al. 2025, arXiv:2506.01347, and its code.
var PSR = Method{
	Name:   "psr",
	Title:  "Positive sample reinforcement",
	Cite:   "Zhu et al. 2025, arXiv:2506.01347, and its code",
	Family: "policy gradient",
	Formula: "J = (1/N) Σ_i Σ_t [ min(ρ_it·r_i, clip(ρ_it, 1−eps_low, 1+eps_high)·r_i) − β·k3_it " +
		"] over the N tokens of all answers",
	Doc: `Learns from right answers alone: the half of reinforcement learning that says what to do.
Each right answer is made likelier, wrong ones are ignored, nothing is subtracted. It needs a
verifier and no demonstrations. It soon finds a favourite way and gives up the others, so that one
sample gets better and the best of many gets worse; compare nsr.`,
	Knobs:   knob.Proximal(),
	Dials:   "advantage=reward,average=tokens",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		return objective.Proximal(v,
			objective.Row{Advantage: objective.PerCompletion(objective.PenalisedReward(v,
				objective.Reward)), Reduce: objective.TokenMean})
	},
}
