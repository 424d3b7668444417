package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// WREINFORCE is Weighted REINFORCE: Zhu et al. 2025, arXiv:2506.01347, and its code.
var WREINFORCE = Method{
	Name:   "w_reinforce",
	Title:  "Weighted REINFORCE",
	Cite:   "Zhu et al. 2025, arXiv:2506.01347, and its code",
	Family: "policy gradient",
	Formula: "J = (1/N) Σ_i Σ_t [ min(ρ_it·A_i, clip(ρ_it, 1−eps_low, 1+eps_high)·A_i) − β·k3_it " +
		"] over the N tokens of all answers, " +
		"A_i = λ·r_i − (1 − r_i)",
	Doc: `The sum of psr and nsr with the right answers turned down: wrong answers count fully,
right ones by lambda. So it keeps most of the variety that learning from mistakes alone preserves,
and still says a little about what is wanted. It needs a verifier and no demonstrations. At lambda
1 it is REINFORCE with rewards of 1 and −1.`,
	Knobs: knob.Proximal(
		param.Number("lambda", "", 0.1, 0, 10,
			"Weight of right answers; wrong ones have weight 1.").
			Called("weight of right answers").Logarithmic()),
	Dials:   "advantage=weighted,average=tokens",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		reward := objective.PenalisedReward(v, objective.Reward)
		return objective.Proximal(v, objective.Row{
			Advantage: objective.PerCompletion(weighted(v.Float("lambda"), reward)),
			Reduce:    objective.TokenMean,
		})
	},
}

// weighted returns λ times the reward, less what is missing from a reward of 1.
func weighted(lambda float64,
	reward func(*objective.Completion) float64) func(*objective.Completion) float64 {
	return func(c *objective.Completion) float64 {
		r := reward(c)
		return float64(lambda*r) - (1 - r)
	}
}
