package method

import (
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// MAGIC is GRPO with adaptive entropy control: He et al. 2025 (Skywork-OR1), arXiv:2505.22312, and
// its code.
var MAGIC = Method{
	Name:   "magic",
	Title:  "GRPO with adaptive entropy control",
	Cite:   "He et al. 2025 (Skywork-OR1), arXiv:2505.22312, and its code",
	Family: "policy gradient",
	Formula: "J = (1/N) Σ_i Σ_t [ min(ρ_it·A_i, clip(ρ_it, 1−eps_low, 1+eps_high)·A_i) − β·k3_it " +
		"+ w·H_it ] over the N tokens of all answers, A_i = (r_i − mean)/(std + 1e-4) in the " +
		"group, ρ = π/π_old, w = c where the mean of H over the batch before was below " +
		"entropy_target, else 0, c = 0 at first, then after each batch c + entropy_step " +
		"where its mean of H was below entropy_target, else c − entropy_step, held within 0 and " +
		"entropy_most",
	Doc: `GRPO with an entropy bonus that takes care of itself. A fixed bonus is either too small to
keep a policy exploring or so large that its answers become noise, and which of the two changes
during training. Here the bonus acts only while the entropy of the sampled answers is below a target,
and its weight grows batch by batch as long as that is so and falls again afterwards. Prompts whose
answers all earn the same are left out, and all tokens of the batch weigh the same. It needs a
verifier and no demonstrations. The target has to suit the task: where only one answer to a prompt is
right, a policy that is held at a high entropy has to give wrong ones.`,
	Deviations: `The paper samples further prompts until the batch is full again; here the batch shrinks. Its stages of
growing length are left out. The weight's step and limit are ten times those of the authors' scripts, 0.0001 and 0.005, since runs
here have some hundred updates.`,
	Unverified: "the paper's own equation; the rule is taken from its authors' code, which TRL " +
		"follows",
	Knobs: append(slices.DeleteFunc(knob.Proximal(),
		func(k param.Knob) bool { return k.Name == knob.Entropy.Name }),
		param.Number("entropy_target", "nats", 0.2, 0, 10,
			"Mean entropy of the sampled tokens that is aimed at. While it is lower, the "+
				"entropy bonus acts and its weight grows; while it is not, there is no bonus and "+
				"the weight falls.").
			Logarithmic().Called("entropy aimed at").ShownFirst(),
		param.Number("entropy_step", "", 0.001, 0, 1,
			"By how much the weight of the entropy bonus grows or falls with every batch.").
			Logarithmic().Called("step of the bonus"),
		param.Number("entropy_most", "", 0.05, 0, 1,
			"Largest weight of the entropy bonus.").
			Logarithmic().Called("largest bonus")),
	Dials:   "source=varied,average=tokens",
	Besides: "a bonus for entropy comes and goes with the entropy of earlier batches",
	Collect: objective.CollectDynamicSampling,
	Build: func(v param.Values) objective.Objective {
		row := objective.Clipped(v, objective.Row{
			Advantage: objective.InGroup(objective.Rollout,
				objective.PenalisedReward(v, objective.Reward), objective.ZScore),
			Reduce: objective.TokenMean})
		return objective.Schedule{
			Requires: objective.PenalisedAnd(v, row, 1).Needs(),
			Step: func(p objective.Progress) objective.Objective {
				return objective.PenalisedAnd(v, row, entropyControl(v, p.Entropies))
			},
		}
	},
}

// entropyControl returns the weight of the bonus for a batch, from the entropies of the batches so
// far. The last one is of the batch itself and does not count yet.
func entropyControl(v param.Values, entropies []float64) float64 {
	target, step, most := v.Float("entropy_target"), v.Float("entropy_step"),
		v.Float("entropy_most")
	weight, low := 0.0, false
	for _, h := range entropies[:max(0, len(entropies)-1)] {
		if low = h < target; low {
			weight = min(most, weight+step)
		} else {
			weight = max(0, weight-step)
		}
	}
	if !low {
		return 0
	}
	return weight
}
