package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// ForkingTokens is learning from forking tokens alone: Wang et al. 2025, arXiv:2506.01939, as in
// TRL.
var ForkingTokens = Method{
	Name:   "forking_tokens",
	Title:  "Learning from forking tokens alone",
	Cite:   "Wang et al. 2025, arXiv:2506.01939, as in TRL",
	Family: "policy gradient",
	Formula: "J = (1/N) Σ_i Σ_t [H_it is in the highest share]·min(ρ_it·A_i, clip(ρ_it, " +
		"1−eps_low, 1+eps_high)·A_i) − β·k3_it " +
		"over the N tokens of all answers, H held fixed, A_i = (r_i − mean)/(std + 1e-4) " +
		"in the group",
	Doc: `DAPO that only learns from the tokens at which the model was most undecided. In a chain of reasoning few
tokens are forks, where it could go one way or another; the others merely carry on, and the paper finds that a fifth of
all tokens does all of the learning. The tokens compete over the whole batch, and those left out count in the average.
It needs a verifier and no demonstrations.`,
	Deviations: `Where the paper leaves out prompts whose answers all score the same and samples others, the batch
shrinks here. There is no penalty for long answers; see dapo.`,
	Knobs: knob.Proximal(knob.EpsHigh.With(0.28),
		param.Number("share", "", 0.2, 0, 1,
			"Share of the tokens that are learned from: those with the highest entropy. 1 "+
				"takes all of them.").
			Called("tokens learned from")),
	Dials:   "source=varied,tokens=entropy,average=tokens",
	Collect: objective.CollectDynamicSampling,
	Build: func(v param.Values) objective.Objective {
		return objective.Proximal(v, objective.Row{
			Advantage: objective.InGroup(objective.Rollout,
				objective.PenalisedReward(v, objective.Reward), objective.ZScore),
			Select:   objective.TopShare(v.Float("share"), objective.Rollout, entropyAt),
			Requires: objective.Entropy,
			Reduce:   objective.TokenMean,
		})
	},
}

// entropyAt returns the policy's entropy before token t, in nats.
func entropyAt(c *objective.Completion, t int) float64 { return c.Entropy[t] }
