package method

import "posttrain/core/param"

var _ = register(Method{
	Name:   "maxrl",
	Title:  "Maximum-likelihood reinforcement learning",
	Cite:   "Maximum likelihood reinforcement learning, 2026, arXiv:2602.02710",
	Family: "policy gradient",
	Formula: "J = (1/n) Σ_i Σ_t [ min(ρ_it·A_i, clip(ρ_it, 1−eps_low, 1+eps_high)·A_i) − β·k3_it ], " +
		"A_i = (r_i − mean)/mean in the group, 0 where the mean is 0",
	Doc: `Divides by the group's success rate where GRPO divides by the standard deviation. The gradient is then the
average over the right answers alone, the gradient of the logarithm of the success rate instead of the success rate:
what imitation would maximise if it could see which answers are right. So a prompt that is solved once in many attempts
weighs as much as it can, and one that is solved always weighs nothing. It needs a verifier and no demonstrations.`,
	Deviations: `From reading notes, not from the paper's own text. Clip and pull to the reference model are those of
dr_grpo.`,
	Unverified: "the formula is from notes on the paper",
	Knobs:      proximalKnobs(),
	Collect:    rollouts,
	Build: func(v param.Values) Objective {
		return proximal(v, Row{Advantage: besideKL(v, InGroup(Rollout, Reward, OverMean)), Reduce: SeqSum})
	},
})

// OverMean subtracts the mean and divides by it; nothing is left where it is not above 0.
func OverMean(r []float64) {
	m := mean(r)
	Centred(r)
	for i := range r {
		if m > 0 {
			r[i] /= m
		} else {
			r[i] = 0
		}
	}
}
