package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// MaxRL is maximum-likelihood reinforcement learning: Tajwar et al. 2026, arXiv:2602.02710.
var MaxRL = Method{
	Name:   "maxrl",
	Title:  "Maximum-likelihood reinforcement learning",
	Cite:   "Tajwar et al. 2026, arXiv:2602.02710",
	Family: "policy gradient",
	Formula: "J = (1/n) Σ_i Σ_t [ min(ρ_it·A_i, clip(ρ_it, 1−eps_low, 1+eps_high)·A_i) − " +
		"β·k3_it ], " +
		"A_i = (r_i − mean)/mean in the group, 0 where the mean is 0",
	Doc: `Divides by the group's success rate where GRPO divides by the standard deviation. The gradient is then the
average over the right answers alone, the gradient of the logarithm of the success rate instead of the success rate:
what imitation would maximise if it could see which answers are right. So a prompt that is solved once in many attempts
weighs as much as it can, and one that is solved always weighs nothing. It needs a verifier and no demonstrations.`,
	Deviations: `From reading notes, not from the paper's own text. Clip and pull to the reference model are those of
dr_grpo.`,
	Unverified: "the formula is from notes on the paper",
	Knobs:      knob.Proximal(),
	Dials:      "advantage=over_mean,average=sum",
	Collect:    objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		return objective.Proximal(v, objective.Row{Advantage: objective.PenalisedAdvantage(v,
			objective.InGroup(objective.Rollout, objective.Reward,
				OverMean)), Reduce: objective.SeqSum})
	},
}

// OverMean subtracts the mean and divides by it. If the mean is not above 0, all results are 0.
func OverMean(r []float64) {
	m := objective.Mean(r)
	objective.Centred(r)
	for i := range r {
		if m > 0 {
			r[i] /= m
		} else {
			r[i] = 0
		}
	}
}
