package method

import (
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// VESPO is Variational Sequence-Level Soft Policy Optimization: Shen et al. 2026, arXiv:2602.10693,
// and its code.
var VESPO = Method{
	Name:   "vespo",
	Title:  "Variational Sequence-Level Soft Policy Optimization",
	Cite:   "Shen et al. 2026, arXiv:2602.10693, and its code",
	Family: "policy gradient",
	Formula: "J = (1/N) Σ_i Σ_t [ f(ρ_i)·A_i·log π(a_it|s_it) − β·k3_it ] over the N tokens of " +
		"all answers, f(ρ) = ρ^k·e^(λ·(1 − ρ)) held fixed, ρ_i = Π_t π/π_old, " +
		"k = k_pos and λ = lambda_pos if A_i ≥ 0, else k_neg and lambda_neg, " +
		"A_i = (r_i − mean)/(std + 1e-4) in the group",
	Doc: `A policy gradient for answers that are no longer fresh. How hard an answer is pushed depends on
how likely the whole answer has become since it was sampled: at full strength or a little more while
it is about as likely, and hardly at all once it has become much likelier or much less likely. The
weight follows one smooth curve, so there is no bound at which a push suddenly ends. The ratio is that
of whole answers, the product of their tokens', and is not evened out by length as in gspo. Good and
bad answers have curves of their own. It needs a verifier and no demonstrations. It makes two updates
per batch by default, since in the first nothing has moved.`,
	Deviations: `The paper also corrects for samplers that compute other probabilities than the trainer does; here they are the
same.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Epochs.With(2),
		param.Number("k_pos", "", 2, 0, 10,
			"How fast the push on a good answer falls as the answer becomes less likely. 0 does "+
				"not lower it.").Called("fall below, good answers (k)"),
		param.Number("lambda_pos", "", 3, 0.1, 10,
			"How fast the push on a good answer falls as the answer becomes likelier.").
			Logarithmic().Called("fall above, good answers (lambda)"),
		param.Number("k_neg", "", 3, 0, 10,
			"How fast the push on a bad answer falls as the answer becomes less likely.").
			Called("fall below, bad answers (k)"),
		param.Number("lambda_neg", "", 2, 0.1, 10,
			"How fast the push on a bad answer falls as the answer becomes likelier.").
			Logarithmic().Called("fall above, bad answers (lambda)"),
		knob.Beta, knob.KL, knob.Temp, knob.Tempered, knob.Entropy},
	Dials:   "span=answer,limit=curve,average=tokens",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		return objective.Penalised(v, objective.ImportanceSampled(objective.Row{
			Advantage: objective.InGroup(objective.Rollout,
				objective.PenalisedReward(v, objective.Reward), objective.ZScore),
			Span: objective.OfAnswer, Ratio: curveAt(v), Reduce: objective.TokenMean,
		}))
	},
}

// curveAt returns VESPO's weight ρ^k·e^(λ·(1 − ρ)) at these settings. It is 1 where the ratio ρ is
// 1.
func curveAt(v param.Values) func(ratio, advantage float64) float64 {
	kGood, lambdaGood := v.Float("k_pos"), v.Float("lambda_pos")
	kBad, lambdaBad := v.Float("k_neg"), v.Float("lambda_neg")
	return func(ratio, advantage float64) float64 {
		k, lambda := kBad, lambdaBad
		if advantage >= 0 {
			k, lambda = kGood, lambdaGood
		}
		return num.Exp(float64(k*num.Log(ratio)) + float64(lambda*(1-ratio)))
	}
}
