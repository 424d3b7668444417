package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// TOPR is Tapered off-policy REINFORCE: Le Roux et al. 2025, arXiv:2503.14286; with ratio=token
// as in Trinity-RFT.
var TOPR = Method{
	Name:   "topr",
	Title:  "Tapered off-policy REINFORCE",
	Cite:   "Le Roux et al. 2025, arXiv:2503.14286; with ratio=token as in Trinity-RFT",
	Family: "policy gradient",
	Formula: "J = (1/n) Σ_i w_i·Σ_t log π(a_it|s_it) over the n answers, w held fixed: R_i if " +
		"R_i > 0, else min(ρ_i, 1)·R_i, " +
		"R = 2r − 1, ρ_i = Π_t π/π_old; with ratio=token (1/N) Σ_i Σ_t w_it·log π(a_it|s_it) " +
		"over the N tokens of all answers, ρ_it = π/π_old",
	Doc: `REINFORCE that can reuse old answers. Good ones are pushed up at full strength however unlikely they have
become, as imitation would do. Bad ones are pushed down only as far as the model would still give them: once one has
become unlikely its push tapers off, and cannot drive it to minus infinity. So answers of any age can be learned from,
without a clip and without a reference model. It needs a verifier and no demonstrations.`,
	Deviations: `The default ratio is one for the whole answer, as in the paper. Trinity-RFT's implementation has a ratio for each
token and averages over tokens: ratio=token. Rewards from 0 to 1 become −1 to 1. There is no baseline.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Epochs.With(2), knob.Temp,
		knob.Tempered, knob.Entropy,
		param.Choice("ratio", "answer", []string{"answer", "token"},
			"What makes the push on a bad answer taper off. answer: how likely the whole "+
				"answer still is, alike for all its tokens, as in the paper. token: how likely "+
				"each token still is by itself; then the average is over tokens, not over "+
				"answers.").
			Called("taper by")},
	Dials:   "advantage=signed,span=answer,limit=taper,average=sum",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		span, reduce := objective.OfAnswer, objective.SeqSum
		if v.Choice("ratio") == "token" {
			span, reduce = objective.OfToken, objective.TokenMean
		}
		return objective.WithEntropyBonus(v, objective.ImportanceSampled(objective.Row{
			Span: span, Reduce: reduce,
			Advantage: objective.PerCompletion(stretched(objective.Reward)),
			Ratio:     taper,
		}))
	},
}

// stretched stretches a reward from 0 to 1 to one from −1 to 1.
func stretched(reward func(*objective.Completion) float64) func(*objective.Completion) float64 {
	return func(c *objective.Completion) float64 { return float64(2*reward(c)) - 1 }
}

// taper limits the ratio of bad answers to 1, and makes that of good ones 1.
func taper(ratio, advantage float64) float64 {
	if advantage > 0 {
		return 1
	}
	return min(ratio, 1)
}
