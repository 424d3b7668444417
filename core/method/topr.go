package method

import "posttrain/core/param"

var _ = register(Method{
	Name:   "topr",
	Title:  "Tapered off-policy REINFORCE",
	Cite:   "Le Roux et al. 2025, arXiv:2503.14286, as in Trinity-RFT",
	Family: "policy gradient",
	Formula: "J = (1/N) Σ_i Σ_t w_it·log π(a_it|s_it) over the N tokens of all answers, w held fixed: R_i if R_i > 0, else min(ρ_it, 1)·R_i, " +
		"R = 2r − 1, ρ = π/π_old",
	Doc: `REINFORCE that can reuse old answers. Good ones are pushed up at full strength however unlikely they have
become, as imitation would do. Bad ones are pushed down only as far as the model would still give them: once one has
become unlikely its push tapers off, and cannot drive it to minus infinity. So answers of any age can be learned from,
without a clip and without a reference model. It needs a verifier and no demonstrations.`,
	Deviations: `The ratio is each token's own, as in Trinity-RFT's implementation; the paper's is that of the whole
answer. Rewards from 0 to 1 become −1 to 1. There is no baseline.`,
	Unverified: "whether the ratio is to be the token's or the answer's",
	Knobs:      []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Epochs.With(2), knob.Temp, knob.Entropy},
	Collect:    rollouts,
	Build: func(v param.Values) Objective {
		return withBonus(v, importance(Row{
			Advantage: PerCompletion(func(c *Completion) float64 { return float64(2*c.Reward) - 1 }),
			Ratio: func(ratio, advantage float64) float64 {
				if advantage > 0 {
					return 1
				}
				return min(ratio, 1)
			},
			Reduce: TokenMean,
		}))
	},
})
