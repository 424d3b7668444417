package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// CDPO is Conservative DPO: Mitchell 2023, A note on DPO with noisy preferences; as label
// smoothing in Rafailov et al.'s and other code.
var CDPO = Method{
	Name:  "cdpo",
	Title: "Conservative DPO",
	Cite: "Mitchell 2023, A note on DPO with noisy preferences; as label smoothing in " +
		"Rafailov et al.'s and other code",
	Family: "preference",
	Formula: "J = mean over pairs of (1−ε)·log σ(m) + ε·log σ(−m), m = β·[log π/π_ref(chosen) − " +
		"log π/π_ref(rejected)]",
	Doc: `DPO for labels that are sometimes wrong. It trusts each label only with probability 1 −
epsilon, so it pushes two answers apart only up to the margin that this probability stands for, and
a wrong label cannot push without end. Everything else is as in dpo.`,
	Knobs: knob.Preference(knob.Sharpness, knob.Mislabelled(0.5)),
	Apart: "it compares two answers: a push depends on the pair and not on one answer",
	Collect: func(v param.Values) objective.Collect {
		return objective.CollectPreferences(v, objective.InPairs, true)
	},
	Build: func(v param.Values) objective.Objective {
		beta := v.Float("beta")
		return objective.Pairwise{Score: objective.ImplicitReward(beta),
			Slope: objective.PreferenceSlope(v.Float("epsilon")), Requires: objective.Logp |
				objective.RefLogp}
	},
}
