package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// REINFORCE uses the group's mean as baseline: Williams 1992, doi:10.1007/BF00992696.
var REINFORCE = Method{
	Name:   "reinforce",
	Title:  "REINFORCE with the group mean as baseline",
	Cite:   "Williams 1992, doi:10.1007/BF00992696",
	Family: "policy gradient",
	Formula: "J = (1/n) Σ_i A_i Σ_t log π(a_it|s_it), A_i = r_i − mean(r in the group), " +
		"A held fixed",
	Doc: `Samples several answers to each prompt, and makes those that earned more than the prompt's average likelier,
the others less likely, every token of an answer alike. It needs a verifier and no demonstrations. It is the simplest
policy gradient: unbiased up to a factor, and a good yardstick for everything built on it. It learns nothing from a
prompt whose answers all earn the same, so it cannot start from a model that never succeeds.`,
	Deviations: `The baseline is the mean of the prompt's own answers, the judged one included, which scales the gradient
by (G−1)/G; the original subtracts a running average or nothing.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Temp, knob.Tempered, knob.Entropy},
	Dials: "advantage=mean,denominator=policy,average=sum",
	Collect: func(v param.Values) objective.Collect {
		return objective.Collect{Group: v.Int("group"), Epochs: 1}
	},
	Build: func(v param.Values) objective.Objective {
		return objective.Sum{
			{Weight: 1, Objective: objective.Row{From: objective.Rollout,
				Advantage: objective.InGroup(objective.Rollout, objective.Reward,
					objective.Centred), Reduce: objective.SeqSum}},
			{Weight: v.Float("entropy"),
				Objective: objective.EntropyBonus{Reduce: objective.SeqSum}},
		}
	},
}
