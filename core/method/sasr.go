package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// SASR is Step-wise adaptive SFT and RL: Chen et al. 2025, arXiv:2505.13026.
var SASR = Method{
	Name:   "sasr",
	Title:  "Step-wise adaptive SFT and RL",
	Cite:   "Chen et al. 2025, arXiv:2505.13026",
	Family: "hybrid",
	Formula: "J = J_sft at the first sft_steps steps, and at any other with probability p = g/(g " +
		"+ gamma·g_0), else J_grpo; " +
		"g and g_0 are |∇J_sft| at the latest step of imitation and at the last of the " +
		"first sft_steps",
	Doc: `Begins with imitation, and then decides at every update at random whether to imitate or
to learn from reward. Imitation is the likelier the more of it is left to learn: the chance depends
on how large its newest gradient is compared with its gradient at the end of the beginning. As the
demonstrations are learned, that gradient gets smaller and reward takes over. It needs
demonstrations and a verifier. Compare interleave, which takes turns in a fixed order.`,
	Deviations: `Rollouts are sampled at the steps of imitation too, and thrown away. The paper also speaks of the divergence from
where training began; here only beta and its KL see that.`,
	Unverified: `The rule for p was told from memory and agrees with somebody's pseudocode of the paper; it was not read in the
paper itself, nor in its authors' code. gamma and sft_steps are ours.`,
	Knobs: knob.Proximal(
		param.Integer("sft_steps", "updates", 20, 1, 100_000,
			"Updates of imitation at the beginning.").
			Called("updates of imitation first").Logarithmic(),
		param.Number("gamma", "", 0.5, 0, 100,
			"How soon reward takes over. While the gradient of imitation is as large as at "+
				"the end of the beginning, one update in 1 + gamma imitates. 0 always imitates.").
			Called("speed of the change (gamma)").Logarithmic()),
	Apart:   "it is one of two rows at each step, imitation or reward, drawn by lot",
	Collect: objective.CollectWithDemos,
	Build: func(v param.Values) objective.Objective {
		imitate := objective.Row{From: objective.Demo, Reduce: objective.TokenMean}
		return imitationLottery{imitate, objective.Blend(v, 0, objective.SeqMean, imitate),
			v.Int("sft_steps"), v.Float("gamma")}
	},
}

// imitationLottery imitates for the first warm steps, and at each later one with a probability that
// falls as the gradient of imitation becomes shorter.
type imitationLottery struct {
	objective.Row                     // imitation, at the first step and others
	reinforce     objective.Objective // at the rest
	warm          int
	gamma         float64
}

var _ objective.Scheduled = imitationLottery{}

// Needs returns what either side needs.
func (l imitationLottery) Needs() objective.Needs { return l.Row.Needs() | l.reinforce.Needs() }

// At returns the objective of a step: imitation or reward.
func (l imitationLottery) At(p objective.Progress) objective.Objective {
	if p.Step < l.warm || p.Draw < l.chance(p.Imitation) {
		return l.Row
	}
	return l.reinforce
}

// chance returns the probability of imitation, from the norms of the gradients of earlier
// imitation. The first ones are those of the stage's beginning.
func (l imitationLottery) chance(norms []float64) float64 {
	if len(norms) < l.warm {
		return 1
	}
	latest, warm := norms[len(norms)-1], norms[l.warm-1]
	if latest == 0 {
		return 0
	}
	return latest / (latest + float64(l.gamma*warm))
}
