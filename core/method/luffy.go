package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// LUFFY is learning to reason under off-policy guidance: Yan et al. 2025, arXiv:2504.14945, and
// its code.
var LUFFY = Method{
	Name:   "luffy",
	Title:  "Learning to reason under off-policy guidance",
	Cite:   "Yan et al. 2025, arXiv:2504.14945, and its code",
	Family: "hybrid",
	Formula: "J = (1/n) [ Σ_rollouts Σ_t ρ_it·A_i + Σ_demonstrations Σ_t f(π_it)·A_i ], f(p) = " +
		"p/(p+gamma), ρ = π/π_old, " +
		"A_i = r_i − mean over the rollouts and the demonstration of the prompt",
	Doc: `Puts the expert's answer into the group as if the model had sampled it. All answers are judged against the
group's average, so the demonstration counts for much when the model's own answers fail and for nothing once they are
all right. Its tokens are weighed by a curve that is steepest at small probabilities: what the model thinks unlikely,
yet the expert does, is learned fastest. It needs demonstrations and a verifier.`,
	Deviations: `The paper averages by the longest allowed length, which only rescales the step. Rollouts are not
clipped, as in the paper. group is 7, to which the demonstration comes.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group.With(7), knob.Epochs, knob.Temp,
		knob.Tempered, knob.Entropy.With(0.001),
		param.Number("gamma", "", 0.1, 0.001, 1,
			"Probability at which a demonstrated token is pushed hardest.").
			Called("pushed hardest at probability").Logarithmic()},
	Apart: "it is the sum of two rows, one on rollouts and one on demonstrations, with " +
		"one baseline for both",
	Collect: objective.CollectWithDemos,
	Build: func(v param.Values) objective.Objective {
		advantage, gamma := objective.InUnion(objective.RolloutsAndDemos(), objective.Reward,
			objective.Centred), v.Float("gamma")
		// p·f'(p)
		slope := func(p, _ float64) float64 { return gamma * p / ((p + gamma) * (p + gamma)) }
		return objective.Sum{
			{Weight: 1, Objective: objective.ImportanceSampled(objective.Row{Advantage: advantage,
				Reduce: objective.SeqSum, Among: objective.RolloutsAndDemos()})},
			{Weight: 1, Objective: objective.Row{From: objective.Demo, Denom: objective.OverOne,
				Ratio: slope, Advantage: advantage, Reduce: objective.SeqSum,
				Among: objective.RolloutsAndDemos()}},
			{Weight: v.Float("entropy"),
				Objective: objective.EntropyBonus{Reduce: objective.SeqSum}},
		}
	},
}
