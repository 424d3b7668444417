package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// IPO is Identity Preference Optimization: Azar et al. 2023, arXiv:2310.12036, eq. 17.
var IPO = Method{
	Name:   "ipo",
	Title:  "Identity Preference Optimization",
	Cite:   "Azar et al. 2023, arXiv:2310.12036, eq. 17",
	Family: "preference",
	Formula: "J = −mean over pairs of (D − 1/(2τ))², D = difference between chosen and rejected " +
		"of log π/π_ref averaged over tokens",
	Doc: `Learns from pairs like dpo, but aims at a fixed margin between the two answers instead of an ever larger one: it also
pulls them together again when they are further apart. So it cannot overfit a label that everybody agrees on. The smaller
tau, the further apart they are to be.`,
	Deviations: `Log-ratios are averaged over an answer's tokens, as the authors have confirmed to implementers; the paper's formula sums them.`,
	Knobs: knob.Preference(
		param.Number("tau", "", 0.1, 0.01, 10,
			"Strength of the regularisation: the target margin is 1/(2·tau) nats per token.").
			Called("regularisation (tau)").Logarithmic()),
	Apart: "it compares two answers: a push depends on the pair and not on one answer",
	Collect: func(v param.Values) objective.Collect {
		return objective.CollectPreferences(v, objective.InPairs, true)
	},
	Build: func(v param.Values) objective.Objective {
		target := 1 / (2 * v.Float("tau"))
		return objective.Pairwise{
			Score: func(c *objective.Completion) (score, slope float64) {
				n := float64(max(1, c.Len()))
				return objective.SequenceLogRatio(c) / n, 1 / n
			},
			Slope:    func(margin float64) float64 { return -2 * (margin - target) },
			Requires: objective.Logp | objective.RefLogp,
		}
	},
}
