package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// OPO is on-policy RL with the optimal reward baseline: Hao et al. 2025, arXiv:2505.23585, and the
// verl library.
var OPO = Method{
	Name:   "opo",
	Title:  "On-policy RL with the optimal reward baseline",
	Cite:   "Hao et al. 2025, arXiv:2505.23585, as merged into verl",
	Family: "policy gradient",
	Formula: "J = (1/n) Σ_i A_i Σ_t log π(a_it|s_it), A_i = r_i − Σ_j T_j·r_j/Σ_j T_j over the " +
		"answers j of the group, T tokens long, A held fixed",
	Doc: `REINFORCE with the baseline that makes its gradient vary least. That baseline is an average in
which every answer weighs as much as its gradient is large; and an answer's gradient is taken to grow
with its length, so long answers count more in the average. Every batch is used for one update, so
the answers always come from the policy that learns: there is no ratio, no clip and no reference
model. It needs a verifier and no demonstrations. Where all answers are about equally long it is the
same as reinforce, and like that it learns nothing from a prompt whose answers all earn the same.`,
	Deviations: `The tokens of an answer are summed, as in the derivation of the baseline; verl's configuration averages over
the tokens of the batch.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Temp, knob.Tempered, knob.Entropy},
	Dials: "advantage=long_mean,denominator=policy,average=sum",
	Collect: func(v param.Values) objective.Collect {
		return objective.Collect{Group: v.Int("group"), Epochs: 1}
	},
	Build: func(v param.Values) objective.Objective {
		return objective.WithEntropyBonus(v, objective.Row{From: objective.Rollout,
			Advantage: overLongMean(objective.Reward), Reduce: objective.SeqSum})
	},
}

// overLongMean is the reward less the mean over the group's rollouts, in which each weighs as much
// as it has tokens.
func overLongMean(reward func(*objective.Completion) float64) objective.Advantage {
	return func(batch []objective.Group) func(g, i int) []float64 {
		means := make([]float64, len(batch))
		for g, group := range batch {
			means[g] = longMean(group, reward)
		}
		return func(g, i int) []float64 { return []float64{reward(batch[g][i]) - means[g]} }
	}
}

// longMean adds up differences from the first reward, so it is exact if all rewards are equal.
func longMean(group objective.Group, reward func(*objective.Completion) float64) float64 {
	first, sum, tokens := 0.0, 0.0, 0.0
	for _, c := range group {
		if c.Source != objective.Rollout || c.Len() == 0 {
			continue
		}
		if tokens == 0 {
			first = reward(c)
		}
		tokens += float64(c.Len())
		sum += float64(float64(c.Len()) * (reward(c) - first))
	}
	if tokens == 0 {
		return 0
	}
	return first + sum/tokens
}
