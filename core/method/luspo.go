package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// LUSPO is Length-Unbiased Sequence Policy Optimization: Liu et al. 2026, arXiv:2602.05261, as in
// TRL.
var LUSPO = Method{
	Name:   "luspo",
	Title:  "Length-Unbiased Sequence Policy Optimization",
	Cite:   "Liu et al. 2026, arXiv:2602.05261, as in TRL",
	Family: "policy gradient",
	Formula: "J = (1/n) Σ_i [ T_i·min(s_i·A_i, clip(s_i, 1−eps_low, 1+eps_high)·A_i) − " +
		"β·Σ_t k3_it ], " +
		"s_i = (π(y_i)/π_old(y_i))^(1/T_i), A_i = (r_i − mean)/(std + 1e-4) in the group",
	Doc: `GSPO with every answer multiplied by its length. In GSPO all answers weigh the same however long
they are, so a token of a long answer is pushed less than one of a short answer; good long answers
gain too little, and answers tend to get shorter during training. Multiplied by its length, an answer
pushes each of its tokens as hard as any other answer does. The ratio is still one for the whole
answer, the geometric mean of its tokens', and an answer is let through or stopped as one. It needs a
verifier and no demonstrations. It makes two updates per batch by default, since in the first nothing
has moved.`,
	Deviations: `The paper's bounds are 2e-3 and 2.5e-3; a small model's answers move further in one update, so the bounds are
those of gspo here.`,
	Unverified: "the paper's own equation; the formula is taken from TRL, which cites the " +
		"paper's section 5.1 for the bounds",
	Knobs:   knob.Proximal(knob.Epochs.With(2), knob.EpsLow.With(0.03), knob.EpsHigh.With(0.04)),
	Dials:   "span=mean,average=sum",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		return objective.Proximal(v, objective.Row{
			Advantage: objective.InGroup(objective.Rollout,
				objective.PenalisedReward(v, objective.Reward), objective.ZScore),
			Span: objective.OfMean, Reduce: objective.SeqSum})
	},
}
