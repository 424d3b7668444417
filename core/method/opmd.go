package method

import (
	"slices"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// OPMD is online policy mirror descent: Kimi team 2025, arXiv:2501.12599, eq. 3; Pan et al. 2025
// (Trinity-RFT), arXiv:2505.17826, and its code.
var OPMD = Method{
	Name:  "opmd",
	Title: "Online policy mirror descent",
	Cite: "Kimi team 2025, arXiv:2501.12599, eq. 3; Pan et al. 2025 (Trinity-RFT), " +
		"arXiv:2505.17826, and its code",
	Family: "policy gradient",
	Formula: "J = (1/N) Σ_i Σ_t w_i·log π(a_it|s_it) over the N tokens of all answers, w held " +
		"fixed: (r_i − b)/(1+τ) with b = mean r or " +
		"τ·log mean exp(r/τ) in the group; form kimi: r_i − mean − τ·log π/π_old(y_i)",
	Doc: `Each step raises the reward without going far from the policy that the step started from;
tau is the price of going far. The form kimi puts exactly this into the objective: an answer's
weight falls as it becomes likelier than when it was sampled, so a batch can be used several times
without ratios and clips. The other forms use tau in the weights alone, with the group's mean as
the baseline, or a soft maximum of its rewards. It needs a verifier and no demonstrations.`,
	Deviations: `The optimiser is not reset at every batch, as the Kimi report does. It does not publish tau; 1 is
Trinity-RFT's.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Epochs.With(2), knob.Temp,
		knob.Tempered, knob.Entropy,
		param.Number("tau", "reward", 1, 0.01, 100,
			"Price, in reward, of moving one nat away from the policy that sampled.").
			Called("price of moving (tau)").Logarithmic(),
		param.Choice("form", "mean", []string{"mean", "soft", "kimi"},
			"Form of the weight: mean and soft are the baselines of Trinity-RFT's simplified "+
				"form, kimi is the form of the Kimi report.").
			Called("form of the weight")},
	Dials:   "advantage=damped,denominator=policy,average=tokens",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		tau := v.Float("tau")
		r := map[string]objective.Row{
			"mean": {Advantage: objective.InGroup(objective.Rollout, objective.Reward,
				damped(tau, objective.Mean))},
			"soft": {Advantage: objective.InGroup(objective.Rollout, objective.Reward,
				damped(tau, softMax(tau)))},
			"kimi": {Advantage: objective.InGroup(objective.Rollout, objective.Reward,
				objective.Centred), Extra: objective.PerCompletion(scaledLogRatio(tau)),
				Requires: objective.Logp | objective.OldLogp},
		}[v.Choice("form")]
		return objective.WithEntropyBonus(v, r)
	},
}

// damped subtracts a baseline and divides by 1 + τ.
func damped(tau float64, baseline func([]float64) float64) objective.Normaliser {
	return func(r []float64) {
		b := baseline(r)
		for i := range r {
			r[i] = (r[i] - b) / (1 + tau)
		}
	}
}

// softMax returns τ·log mean exp(x/τ), which is the mean for large τ and the largest number for
// small τ.
func softMax(tau float64) func([]float64) float64 {
	return func(x []float64) float64 {
		most, s := slices.Max(x), 0.0
		for _, v := range x {
			s += num.Exp((v - most) / tau)
		}
		return most + float64(tau*num.Log(s/float64(len(x))))
	}
}

// scaledLogRatio returns −τ times the log-ratio of a completion to when it was sampled, in nats.
func scaledLogRatio(tau float64) func(*objective.Completion) float64 {
	return func(c *objective.Completion) float64 {
		d := 0.0
		for t, lp := range c.Logp {
			d += lp - c.OldLogp[t]
		}
		return -tau * d
	}
}
