package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// SimPO is Simple Preference Optimization: Meng et al. 2024, arXiv:2405.14734, eq. 6.
var SimPO = Method{
	Name:   "simpo",
	Title:  "Simple Preference Optimization",
	Cite:   "Meng et al. 2024, arXiv:2405.14734, eq. 6",
	Family: "preference",
	Formula: "J = mean over pairs of log σ(β·[mean log π(chosen) − mean log π(rejected)] − γ), " +
		"means over tokens",
	Doc: `Learns from pairs without a reference model: an answer's reward is its own average log-probability, just what
sampling goes by, and the better answer's must be larger by a margin gamma. Averaging over tokens keeps it from liking
long answers. Nothing holds it to where it started, so it can move far.`,
	Deviations: `A pair between whose answers the annotator sees no difference is left out.`,
	Knobs: knob.Preference(knob.Sharpness.With(2.5),
		param.Number("gamma", "", 1.375, 0, 10,
			"Margin by which the better answer's reward, beta times its average "+
				"log-probability, should exceed the other's.").
			Called("margin (gamma)")),
	Apart: "it compares two answers: a push depends on the pair and not on one answer",
	Collect: func(v param.Values) objective.Collect {
		return objective.CollectPreferences(v, objective.InPairs, true)
	},
	Build: func(v param.Values) objective.Objective {
		beta, gamma := v.Float("beta"), v.Float("gamma")
		return objective.Pairwise{
			Score: func(c *objective.Completion) (score, slope float64) {
				return beta * objective.Mean(c.Logp), beta / float64(c.Len())
			},
			Slope:    func(margin float64) float64 { return objective.Sigmoid(gamma - margin) },
			Requires: objective.Logp,
		}
	},
}
