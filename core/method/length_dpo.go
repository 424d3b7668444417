package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// LengthDPO is length-regularised DPO, R-DPO: Park et al. 2024, arXiv:2403.19159. The robust DPO,
// rDPO, of arXiv:2403.00409 is [RDPO].
var LengthDPO = Method{
	Name:   "length_dpo",
	Title:  "Length-regularised DPO (R-DPO)",
	Cite:   "Park et al. 2024, arXiv:2403.19159",
	Family: "preference",
	Formula: "J = mean over pairs of log σ(β·[log π/π_ref(chosen) − log π/π_ref(rejected)] + " +
		"α·(|chosen| − |rejected|)), |·| = number of tokens",
	Doc: `DPO for labels that favour long answers. People, and models that judge in their place, tend to prefer
the longer of two answers whatever it says, and dpo learns to write at length. Here a part of every preference is
put down to the difference in length before anything is learned from it: a longer answer that was preferred is
pushed up less, a shorter one that was preferred is pushed up more. alpha says how much one token is
worth to whoever gives the labels; with the simulated annotator, that is length_bias divided by doubt. If it is
too large, the policy learns to be brief instead of right.`,
	Deviations: `A pair between whose answers the annotator sees no difference is left out.`,
	Unverified: "the paper's own text: the formula is from two summaries of it, which agree, and " +
		"from the comparison of methods in arXiv:2405.14734, from memory",
	Knobs: knob.Preference(knob.Sharpness,
		param.Number("alpha", "", 0.1, 0, 10,
			"How much of a preference one more token explains, in nats: the log-odds with "+
				"which the longer of two equally good answers is preferred. 0 is DPO.").
			Logarithmic().Called("preference per token (alpha)")),
	Apart: "it compares two answers: a push depends on the pair and not on one answer",
	Collect: func(v param.Values) objective.Collect {
		return objective.CollectPreferences(v, objective.InPairs, true)
	},
	Build: func(v param.Values) objective.Objective {
		beta, alpha := v.Float("beta"), v.Float("alpha")
		return objective.Pairwise{
			Score: func(c *objective.Completion) (score, slope float64) {
				reward := float64(beta * objective.SequenceLogRatio(c))
				return reward + float64(alpha*float64(c.Len())), beta
			},
			Slope: objective.PreferenceSlope(0), Requires: objective.Logp | objective.RefLogp}
	},
}
