package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// OnlineDPO is Online DPO: Guo et al. 2024, arXiv:2402.04792, algorithm 1.
var OnlineDPO = Method{
	Name:   "online_dpo",
	Title:  "Online DPO",
	Cite:   "Guo et al. 2024, arXiv:2402.04792, algorithm 1",
	Family: "preference",
	Formula: "J = mean over pairs of log σ(β·[log π/π_ref(chosen) − log π/π_ref(rejected)]), " +
		"over pairs sampled from π at every step",
	Doc: `DPO on the policy's own answers of the moment: at every step it samples fresh ones, has the simulated annotator compare
them in pairs, and makes the better ones likelier. So the labels are about what the policy writes now and not about what it
wrote before training, which costs a label for every pair at every step.`,
	Deviations: `The paper samples two answers to a prompt; here group are sampled and compared two by two. The annotator is
simulated, not a language model.`,
	Knobs: knob.Preference(knob.Sharpness),
	Apart: "it compares two answers: a push depends on the pair and not on one answer",
	Collect: func(v param.Values) objective.Collect {
		return objective.CollectPreferences(v, objective.InPairs, false)
	},
	Build: func(v param.Values) objective.Objective {
		beta := v.Float("beta")
		return objective.Pairwise{Score: objective.ImplicitReward(beta),
			Slope: objective.PreferenceSlope(0), Requires: objective.Logp | objective.RefLogp}
	},
}
