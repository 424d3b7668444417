package method

import (
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// GPG is Group Policy Gradient: Chu et al. 2025, arXiv:2504.02546, and its code.
var GPG = Method{
	Name:   "gpg",
	Title:  "Group Policy Gradient",
	Cite:   "Chu et al. 2025, arXiv:2504.02546, and its code",
	Family: "policy gradient",
	Formula: "J = (1/N) Σ_i Σ_t A_i·log π(a_it|s_it) over the N tokens of all answers, A_i = " +
		"α·(r_i − mean)/F in the group held fixed, α = B/(B − M), with M of the batch's B " +
		"answers in groups whose rewards are all equal, F = 1 or the standard deviation in the " +
		"group",
	Doc: `A policy gradient with hardly anything added: no critic, no clip, no ratio and no reference
model. An answer's advantage is its reward less the average of its group. Prompts whose answers all
earn the same teach nothing, but still count in the average over the batch and make the step
shorter; so all pushes are multiplied by α, the number of answers divided by the number of those
that teach something. The step is then as long as if only those had been sampled. It needs a
verifier and no demonstrations. It learns nothing from a batch in which every group is all right or
all wrong.`,
	Deviations: `The paper also samples again while too few groups teach something (its threshold β_th); here a batch is what
it is. With kl=reward, rewards include the KL, so that they are hardly ever all equal and α is 1. The standard deviation is the
population's, plus 1e-4.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Beta, knob.KL, knob.Temp,
		knob.Tempered, knob.Entropy,
		param.Choice("norm", "none", []string{"none", "std"},
			"What an answer's reward, less the average of its group, is divided by. none: by 1. "+
				"std: by the standard deviation in the group, as in grpo.").
			Naming("nothing", "the standard deviation").Called("divided by"),
	},
	Apart: "its pushes are the longer, the more prompts of a batch teach nothing, which no " +
		"setting of the dials does",
	Collect: func(v param.Values) objective.Collect {
		return objective.Collect{Group: v.Int("group"), Epochs: 1}
	},
	Build: func(v param.Values) objective.Objective {
		normalise := objective.Centred
		if v.Choice("norm") == "std" {
			normalise = objective.ZScore
		}
		return objective.Penalised(v, objective.Row{From: objective.Rollout,
			Advantage: perTeachingAnswer(objective.PenalisedReward(v, objective.Reward), normalise),
			Reduce:    objective.TokenMean})
	},
}

// perTeachingAnswer is [objective.InGroup] of rollouts, multiplied by how many rollouts the batch
// has for each of those whose group has different rewards.
func perTeachingAnswer(reward func(*objective.Completion) float64,
	normalise objective.Normaliser) objective.Advantage {
	return func(batch []objective.Group) func(g, i int) []float64 {
		rollouts, teaching := 0, 0
		own := objective.InGroup(objective.Rollout, reward, func(r []float64) {
			rollouts += len(r)
			if slices.Min(r) != slices.Max(r) {
				teaching += len(r)
			}
			normalise(r)
		})(batch)
		if teaching == 0 {
			return own // 0 for all
		}
		alpha := float64(rollouts) / float64(teaching)
		return func(g, i int) []float64 { return []float64{alpha * own(g, i)[0]} }
	}
}
