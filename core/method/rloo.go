package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// RLOO is REINFORCE Leave-One-Out: Ahmadian et al. 2024, arXiv:2402.14740.
var RLOO = Method{
	Name:   "rloo",
	Title:  "REINFORCE Leave-One-Out",
	Cite:   "Ahmadian et al. 2024, arXiv:2402.14740",
	Family: "policy gradient",
	Formula: "J = (1/n) Σ_i A_i Σ_t log π(a_it|s_it), A_i = R_i − mean(R of the others), R = r − " +
		"β·Σ_t log(π_old/π_ref), A held fixed",
	Doc: `Samples several answers to each prompt and judges each against the average of the others, so that an answer
does not raise its own bar. It needs a verifier and no demonstrations, no critic and no clipping: with fresh samples at
every step the plain gradient is unbiased. With beta above 0, an answer also pays for being likelier than under the
reference model; the payment is part of its reward (the estimator k1), summed over its tokens. Like all of its kind it
learns nothing from a prompt whose answers all earn the same.`,
	Deviations: `beta is 0 by default; the paper uses 0.03.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Beta, knob.KL.With("reward"),
		knob.Temp, knob.Tempered, knob.Entropy},
	Dials: "advantage=leave_one_out,denominator=policy,average=sum",
	Collect: func(v param.Values) objective.Collect {
		return objective.Collect{Group: v.Int("group"), Epochs: 1}
	},
	Build: func(v param.Values) objective.Objective {
		return objective.Penalised(v, objective.Row{From: objective.Rollout,
			Advantage: objective.InGroup(objective.Rollout, objective.PenalisedReward(v,
				objective.Reward), objective.LeaveOneOut), Reduce: objective.SeqSum})
	},
}
