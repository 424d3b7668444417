package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// GSPO is Group Sequence Policy Optimization: Zheng et al. 2025, arXiv:2507.18071.
var GSPO = Method{
	Name:   "gspo",
	Title:  "Group Sequence Policy Optimization",
	Cite:   "Zheng et al. 2025, arXiv:2507.18071",
	Family: "policy gradient",
	Formula: "J = (1/n) Σ_i [ min(s_i·A_i, clip(s_i, 1−eps_low, 1+eps_high)·A_i) − " +
		"β·mean_t k3_it ], " +
		"s_i = (π(y_i)/π_old(y_i))^(1/T_i), A_i = (r_i − mean)/(std + 1e-4) in the group",
	Doc: `GRPO that weighs and clips whole answers instead of tokens. One ratio is found for an answer, the geometric
mean of its tokens', because the reward is for the whole answer too; so an answer goes through or is stopped as one, and
the noise of single tokens averages out. It was made for models whose single tokens' probabilities jump about, such as
mixtures of experts. With one update per batch it is GRPO, since nothing has moved yet; it makes two by default. It
needs a verifier and no demonstrations.`,
	Deviations: `The paper's bounds are 3e-4 and 4e-4 and it makes four updates per batch; a small model's answers move
further in one update, so the bounds are wider here.`,
	Knobs:   knob.Proximal(knob.Epochs.With(2), knob.EpsLow.With(0.03), knob.EpsHigh.With(0.04)),
	Dials:   "span=mean",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		return objective.Proximal(v, objective.Row{Advantage: objective.InGroup(objective.Rollout,
			objective.PenalisedReward(v,
				objective.Reward), objective.ZScore), Span: objective.OfMean,
			Reduce: objective.SeqMean})
	},
}
