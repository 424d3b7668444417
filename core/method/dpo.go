package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// DPO is Direct Preference Optimization: Rafailov et al. 2023, arXiv:2305.18290, eq. 7.
var DPO = Method{
	Name:    "dpo",
	Title:   "Direct Preference Optimization",
	Cite:    "Rafailov et al. 2023, arXiv:2305.18290, eq. 7",
	Family:  "preference",
	Formula: "J = mean over pairs of log σ(β·[log π/π_ref(chosen) − log π/π_ref(rejected)])",
	Doc: `Learns from pairs of answers of which somebody has said which is better, without training a reward model: the policy's
own log-ratio to the reference model serves as the reward, and the better answer's is made the larger. The answers are
sampled once, from the model that training starts from, and a simulated annotator labels them. It needs neither
demonstrations nor a verifier in training. Since only the difference counts, both answers may become less likely together.`,
	Deviations: `A pair between whose answers the annotator sees no difference is left out.`,
	Knobs:      knob.Preference(knob.Sharpness),
	Apart:      "it compares two answers: a push depends on the pair and not on one answer",
	Collect: func(v param.Values) objective.Collect {
		return objective.CollectPreferences(v, objective.InPairs, true)
	},
	Build: func(v param.Values) objective.Objective {
		beta := v.Float("beta")
		return objective.Pairwise{Score: objective.ImplicitReward(beta),
			Slope: objective.PreferenceSlope(0), Requires: objective.Logp | objective.RefLogp}
	},
}
