package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// REINFORCEPlusPlus is REINFORCE++: Hu 2025, arXiv:2501.03262.
var REINFORCEPlusPlus = Method{
	Name:   "reinforce_pp",
	Title:  "REINFORCE++",
	Cite:   "Hu 2025, arXiv:2501.03262",
	Family: "policy gradient",
	Formula: "J = (1/N) Σ_i Σ_t min(ρ_it·A_it, clip(ρ_it, 1−eps_low, 1+eps_high)·A_it) over the " +
		"N tokens of all answers, " +
		"A = (R − mean)/(std + 1e-4) over those tokens, R_it = Σ_{s≥t} γ^(s−t)·(r_i·[s is last] " +
		"− β·log(π_old/π_ref))",
	Doc: `PPO without a critic and without groups: what counts as good is judged against the whole batch, not against
the other answers to the same prompt. Every token's return is the reward still to come, less what it and the tokens
after it pay for being likelier than under the reference model; over all tokens of the batch the returns are then given
mean 0 and standard deviation 1. So even a prompt whose answers all earn the same is learned from, and easy prompts push
up, hard ones down. It needs a verifier and no demonstrations, and one answer per prompt is enough.`,
	Deviations: `Several answers per prompt by default, to be compared with its relatives; the paper samples one. The
standard deviation is the population's, plus 1e-4. beta is 0 by default.`,
	Knobs: knob.Proximal(knob.KL.With("reward"),
		param.Number("gamma", "", 1, 0.5, 1,
			"Discount: by what factor a reward counts less for each token before it. At 1 "+
				"every token of an answer is credited with the whole reward.").
			Called("discount")),
	Dials:   "advantage=returns,average=tokens",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		return objective.Proximal(v,
			objective.Row{Advantage: objective.Whitened(returns(v.Float("gamma"),
				objective.RewardK1Weight(v))), Reduce: objective.TokenMean})
	},
}

// returns returns the sum of rewards from each token on: the verifier's reward at the last token,
// and −β times the k1 estimate of the KL to the reference model at each. Later rewards are
// discounted per token.
func returns(discount, beta float64) func(*objective.Completion) []float64 {
	return func(c *objective.Completion) []float64 {
		out := make([]float64, c.Len())
		still := c.Reward
		for t := len(out) - 1; t >= 0; t-- {
			if t < len(out)-1 {
				still *= discount
			}
			if beta != 0 {
				still -= float64(beta * (c.OldLogp[t] - c.RefLogp[t]))
			}
			out[t] = still
		}
		return out
	}
}
