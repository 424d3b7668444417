package method

import (
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// OTR is one-token rollout: Ming et al. 2025, arXiv:2509.26313, eq. 4 and 8 as its reviews quote
// them.
var OTR = Method{
	Name:   "otr",
	Title:  "One-token rollout",
	Cite:   "Ming et al. 2025, arXiv:2509.26313, eq. 4 and 8 as its reviews quote them",
	Family: "imitation",
	Formula: "J = (1/N) Σ_i Σ_t Σ_v π'_v·R_v·log π(v|s_it), over the N tokens of all " +
		"demonstrations, π' = softmax(z/kappa) held fixed, " +
		"R = 1 for the demonstrated token and miss for any other",
	Doc: `Treats every token of a demonstration as a game of one move: the model says a token, and
is rewarded if it is the expert's. So imitation becomes learning from reward with the model's own
samples, only one token deep: right guesses are reinforced as often as they happen, wrong ones
slightly discouraged. Like dft it hardly teaches what the model never says. With kappa 1 it is
exactly dft, times 1 − miss. It needs demonstrations and no verifier.`,
	Deviations: `The paper samples 256 tokens at each position; here their expectation is taken over the whole
vocabulary, which has no noise. kappa and miss are from memory.`,
	Unverified: "the defaults of kappa and miss are from memory; the formula is quoted by the " +
		"paper's reviews",
	Knobs: []param.Knob{knob.LR.With(1e-3), knob.Batch.With(64),
		param.Number("kappa", "", 1.3, 0.1, 5,
			"Temperature at which the model guesses: above 1 its guesses are more varied than "+
				"its own probabilities.").
			Called("temperature of guesses"),
		param.Number("miss", "", -0.1, -1, 1,
			"Reward for a token that the expert did not write; called beta in the paper.").
			Called("reward for a miss")},
	Apart:   "besides the demonstrated token it pushes every symbol of the vocabulary",
	Collect: objective.CollectDemos,
	Build: func(v param.Values) objective.Objective {
		kappa, miss := v.Float("kappa"), v.Float("miss")
		return objective.Sum{
			{Weight: 1, Objective: objective.Row{From: objective.Demo,
				Advantage: guessProbability(kappa, 1-miss),
				Requires:  objective.Dist | objective.Logp}},
			{Weight: miss, Objective: objective.Dense{From: objective.Demo,
				Requires: objective.Dist, Weights: func(c *objective.Completion, t int) []float64 {
					return objective.Softmax(objective.DistAt(c.Dist, c, t), kappa)
				}}},
		}
	},
}

// guessProbability returns the probability that the demonstrated token is guessed at a temperature,
// times the reward for it.
func guessProbability(kappa, reward float64) objective.Advantage {
	return objective.PerToken(func(c *objective.Completion) []float64 {
		out := make([]float64, c.Len())
		for t := range out {
			total := 0.0
			for _, l := range objective.DistAt(c.Dist, c, t) {
				total += num.Exp(max(-maxExponent, min(maxExponent, (l-c.Logp[t])/kappa)))
			}
			out[t] = reward / total
		}
		return out
	})
}

// maxExponent keeps e^x and its inverse finite.
const maxExponent = 700
