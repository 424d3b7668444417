package method

import (
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// ORPO is Odds Ratio Preference Optimization: Hong et al. 2024, arXiv:2403.07691, eq. 6.
var ORPO = Method{
	Name:   "orpo",
	Title:  "Odds Ratio Preference Optimization",
	Cite:   "Hong et al. 2024, arXiv:2403.07691, eq. 6",
	Family: "preference",
	Formula: "J = mean log π over the chosen's tokens + λ·mean over pairs of log σ(log " +
		"odds(chosen) − log odds(rejected)), odds = P/(1−P), log P = mean log π over tokens",
	Doc: `Imitation and preference in one: it imitates the better answer of every pair, and besides makes its odds larger than
those of the other. There is no reference model and no separate stage of imitation. The imitation does most of the work;
lambda weighs the comparison.`,
	Deviations: `The better answers are the policy's own, sampled before training, not an expert's.`,
	Knobs: knob.Preference(param.Number("lambda", "", 0.1, 0, 10,
		"Weight of the comparison beside the imitation. 0 only imitates the better answers.").
		Called("weight of the comparison").Logarithmic()),
	Apart: "it is a row of imitation plus a comparison of two answers",
	Collect: func(v param.Values) objective.Collect {
		return objective.CollectPreferences(v, objective.InPairs, true)
	},
	Build: func(v param.Values) objective.Objective {
		return objective.Sum{
			{Weight: 1, Objective: objective.Row{From: objective.Chosen,
				Reduce: objective.TokenMean}},
			{Weight: v.Float("lambda"),
				Objective: objective.Pairwise{Score: logOdds, Slope: objective.PreferenceSlope(0),
					Requires: objective.Logp}},
		}
	},
}

// certain is the largest average log-probability whose odds are finite in float64: P = 1 − 1e-9.
const certain = -1e-9

// logOdds returns log P/(1−P), where log P is the average log-probability of a completion's tokens,
// and its slope.
func logOdds(c *objective.Completion) (score, slope float64) {
	m := min(objective.Mean(c.Logp), certain)
	rest := 1 - num.Exp(m)
	return m - num.Log(rest), 1 / (rest * float64(c.Len()))
}
