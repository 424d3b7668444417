package method

import (
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// KLCov is KL-Cov, which holds back the tokens that cost entropy: Cui et al. 2025,
// arXiv:2505.22617, and its code in verl.
var KLCov = Method{
	Name:   "kl_cov",
	Title:  "KL-Cov: hold back the tokens that cost entropy",
	Cite:   "Cui et al. 2025, arXiv:2505.22617, and its code in verl",
	Family: "policy gradient",
	Formula: "J = (1/N) Σ_i Σ_t [ ρ_it·A_i − kl_coef·|log π/π_old|·[cov_it is among the share·N " +
		"largest] ] over the N tokens of all answers, " +
		"cov = (A − mean A)·(log π − mean log π) over those tokens, A_i = (r_i − mean)/(std + " +
		"1e-4) in the group",
	Doc: `A model that learns from reward soon stops exploring, and few tokens are to blame: those that are likely
already and are pushed up further. Their covariance of advantage and log-probability is the largest. This method holds
just these to the policy that sampled them, and leaves all other tokens free, without a clip. It needs a verifier and no
demonstrations. It can only act from a batch's second update on, since in the first nothing has moved; it makes two by
default.`,
	Deviations: `share is larger than the paper's 2e-4 (up to 2e-3 in its recipes), since a batch here has a thousand
tokens, not millions.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Epochs.With(2), knob.Beta, knob.KL,
		knob.Temp, knob.Tempered, knob.Entropy,
		param.Number("share", "", 0.02, 0, 1,
			"Share of the batch's tokens that are held back: those with the largest "+
				"covariance, at least one.").
			Called("tokens held back").Logarithmic(),
		param.Number("kl_coef", "", 1, 0, 10,
			"How strongly these tokens are held to the policy that sampled them.").
			Called("strength of the hold")},
	Dials:   "limit=free,tokens=kl_cov,average=tokens",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		advantage := objective.InGroup(objective.Rollout,
			objective.PenalisedReward(v, objective.Reward), objective.ZScore)
		return objective.Penalised(v, objective.ImportanceSampled(objective.Row{
			Advantage: advantage,
			Extra:     holdBack(advantage, v.Float("share"), v.Float("kl_coef")),
			Reduce:    objective.TokenMean,
		}))
	},
}

// holdBack returns the derivative of −coef·|log π/π_old| for the share of rollout tokens with the
// largest covariance.
func holdBack(advantage objective.Advantage, share, coef float64) objective.Advantage {
	return func(batch []objective.Group) func(g, i int) []float64 {
		out, all := objective.NewGrid(batch), objective.Positions(batch, objective.Rollout)
		cov := objective.Covariance(batch, all, advantage(batch))
		order := make([]int, len(all))
		for k := range order {
			order[k] = k
		}
		slices.SortStableFunc(order, func(a, b int) int {
			switch {
			case cov[a] > cov[b]:
				return -1
			case cov[a] < cov[b]:
				return 1
			}
			return 0
		})
		most := max(1, int(float64(share*float64(len(all)))))
		for _, k := range order[:min(most, len(order))] {
			p := all[k]
			switch c := batch[p.G][p.I]; {
			case c.Logp[p.T] > c.OldLogp[p.T]:
				out[p.G][p.I][p.T] = -coef
			case c.Logp[p.T] < c.OldLogp[p.T]:
				out[p.G][p.I][p.T] = coef
			}
		}
		return out.Row
	}
}
