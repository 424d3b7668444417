package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// RDPO is robust DPO, rDPO: Ray Chowdhury et al. 2024, arXiv:2403.00409. The R-DPO of
// arXiv:2403.19159 is [LengthDPO].
var RDPO = Method{
	Name:   "rdpo",
	Title:  "Robust DPO (rDPO)",
	Cite:   "Ray Chowdhury et al. 2024, arXiv:2403.00409, and TRL's loss_type robust",
	Family: "preference",
	Formula: "J = mean over pairs of [(1−ε)·log σ(m) − ε·log σ(−m)]/(1−2ε), m = " +
		"β·[log π/π_ref(chosen) − log π/π_ref(rejected)]",
	Doc: `DPO for labels of which a known share is wrong. Each pair also counts backwards, with a negative
weight: what the wrong labels add on average is subtracted again. So over many pairs the policy is pushed
as hard, and in the same direction, as dpo would push it with correct labels. Single pushes are larger, the
more so the nearer epsilon is to one half, so it needs many pairs. It differs from cdpo, which only holds
back: there a wrong label loses its force once the margin is large, here a correct one never does. If
epsilon is larger than the share that is really wrong, the two answers are driven apart without end.`,
	Deviations: `A pair between whose answers the annotator sees no difference is left out. epsilon is at most 0.45, since at one half the
method is not defined.`,
	Unverified: "the number of the equation; the formula is taken from TRL, which cites the paper",
	Knobs:      knob.Preference(knob.Sharpness, knob.Mislabelled(0.45)),
	Apart:      "it compares two answers: a push depends on the pair and not on one answer",
	Collect: func(v param.Values) objective.Collect {
		return objective.CollectPreferences(v, objective.InPairs, true)
	},
	Build: func(v param.Values) objective.Objective {
		return objective.Pairwise{Score: objective.ImplicitReward(v.Float("beta")),
			Slope: unbiasedSlope(v.Float("epsilon")), Requires: objective.Logp | objective.RefLogp}
	},
}

// unbiasedSlope returns the derivative of [(1−ε)·log σ(margin) − ε·log σ(−margin)]/(1−2ε).
func unbiasedSlope(wrong float64) func(margin float64) float64 {
	return func(margin float64) float64 {
		right := float64((1 - wrong) * objective.Sigmoid(-margin))
		return (right + float64(wrong*objective.Sigmoid(margin))) / (1 - 2*wrong)
	}
}
