package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// RAFTPlusPlus is RAFT++, reward-ranked fine-tuning with a clip: Xiong et al. 2025,
// arXiv:2504.11343.
var RAFTPlusPlus = Method{
	Name:   "raft_pp",
	Title:  "RAFT++: reward-ranked fine-tuning with a clip",
	Cite:   "Xiong et al. 2025, arXiv:2504.11343",
	Family: "imitation",
	Formula: "J = (1/N) Σ_i 1[r_i = max > 0] Σ_t min(ρ_it, 1+eps_high), over the N tokens of " +
		"rollouts that are sampled afresh for every batch, " +
		"max = the best reward of the prompt, ρ = π/π_old",
	Doc: `Imitates the best of its own newest answers, as raft does, but allows for how far it has
moved: later updates with a batch weight each token by its ratio, and a token that has become
likelier by more than the clip allows is left alone. The one difference that remains to GRPO is
that GRPO learns from wrong answers, too. Since nothing is pushed down, it stops exploring sooner
than GRPO. With one update per batch it is raft.`,
	Deviations: `The sum is divided by all tokens, not by those of the answers imitated, which only rescales the step. The lower
bound of the clip never acts on an advantage that is not negative, so it is no setting.`,
	Unverified: "the paper was read in notes that quote it",
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group.With(4), knob.Epochs.With(2),
		knob.EpsHigh, knob.Temp, knob.Tempered},
	Dials:   "advantage=best,average=tokens",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		return objective.ImportanceSampled(
			objective.Row{Advantage: objective.InGroup(objective.Rollout, objective.Reward, best),
				Mask: objective.Clip(1, v.Float("eps_high"))})
	},
}
