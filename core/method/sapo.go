package method

import (
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// SAPO is Soft Adaptive Policy Optimization: Gao et al. 2025, arXiv:2511.20347, as in TRL and verl.
var SAPO = Method{
	Name:   "sapo",
	Title:  "Soft Adaptive Policy Optimization",
	Cite:   "Gao et al. 2025, arXiv:2511.20347, as in TRL and verl",
	Family: "policy gradient",
	Formula: "J = (1/n) Σ_i (1/T_i) Σ_t [ (4/τ)·σ(τ·(ρ_it − 1))·A_i − β·k3_it ], " +
		"τ = tau_pos if A_i > 0, else tau_neg, " +
		"A_i = (r_i − mean)/(std + 1e-4) in the group, ρ = π/π_old",
	Doc: `GRPO with a soft gate in place of the clip. A clip pushes a token at full strength until its
probability has moved by a fifth, say, and then not at all. The gate lets its push fade smoothly:
compared with a policy gradient without any limit, the push is whole where the token is as likely as
when it was sampled, and the weaker the further the token has moved, in either direction. Tokens of
bad answers fade a little faster, because pushing one token down pushes all others up, right or wrong.
It needs a verifier and no demonstrations. It makes two updates per batch by default, since in the
first nothing has moved and it is GRPO without a clip.`,
	Unverified: "the paper's own equation; the formula is taken from TRL and verl, which agree",
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Epochs.With(2),
		param.Number("tau_pos", "", 1, 0.1, 10,
			"How soon the push on a token fades where the answer is better than its group's "+
				"average. The larger, the less a token may move before its push is gone.").
			Logarithmic().Called("sharpness of the gate, good answers"),
		param.Number("tau_neg", "", 1.05, 0.1, 10,
			"How soon the push on a token fades where the answer is no better than its group's "+
				"average.").
			Logarithmic().Called("sharpness of the gate, bad answers"),
		knob.Beta, knob.KL, knob.Temp, knob.Tempered, knob.Entropy},
	Dials:   "limit=gate",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		return objective.Penalised(v, objective.ImportanceSampled(objective.Row{
			Advantage: objective.InGroup(objective.Rollout,
				objective.PenalisedReward(v, objective.Reward), objective.ZScore),
			Ratio:  softGate(v.Float("tau_pos"), v.Float("tau_neg")),
			Reduce: objective.SeqMean,
		}))
	},
}

// softGate returns the derivative of SAPO's (4/τ)·σ(τ·(ρ − 1)) in log π, which is 4σ(1 − σ)·ρ. It
// is 1 where the ratio ρ is 1.
func softGate(good, bad float64) func(ratio, advantage float64) float64 {
	return func(ratio, advantage float64) float64 {
		tau := bad
		if advantage > 0 {
			tau = good
		}
		open := 1 / (1 + num.Exp(-float64(tau*(ratio-1))))
		return 4 * open * (1 - open) * ratio
	}
}
