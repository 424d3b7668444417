package method

import "posttrain/core/param"

var _ = register(Method{
	Name:    "chord_mu",
	Title:   "CHORD with imitation that fades",
	Cite:    "Zhang et al. 2025, arXiv:2508.11408, and its code",
	Family:  "hybrid",
	Formula: "J = (1−μ)·J_grpo + μ·J_sft, J_grpo averaged over the tokens of all rollouts, μ falling from mu to mu_end along a cosine over the first fade steps",
	Doc: `Imitates first and learns from reward later, without a seam between: the share of imitation fades along a cosine while
that of reward grows. The expert brings the model to where it succeeds now and then; from there on it is left to its own
attempts. It needs demonstrations and a verifier.`,
	Deviations: `The fade is over 100 steps by default, the paper's is over 200. ` + chordDeviations,
	Knobs: blendKnobs(knob.Mu.With(0.9),
		param.Number("mu_end", "", 0.05, 0, 1, "Share of imitation that is left in the end."),
		param.Integer("fade", "updates", 100, 1, 1_000_000, "Over how many updates the share of imitation falls.").Logarithmic(), averageKnob),
	Collect: guided,
	Build: func(v param.Values) Objective {
		return Over(func(p Progress) Objective {
			return blend(v, faded(v, p.Step), average(v), Row{From: Demo, Reduce: TokenMean})
		})
	},
})

// faded is the share of imitation at a step.
func faded(v param.Values, step int) float64 {
	return cosine(v.Float("mu"), v.Float("mu_end"), float64(step)/float64(v.Int("fade")))
}
