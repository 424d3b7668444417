package method

import (
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// RAFT is reward-ranked fine-tuning: Dong et al. 2023, arXiv:2304.06767; with a verifier, as in
// Xiong et al. 2025, arXiv:2504.11343.
var RAFT = Method{
	Name:  "raft",
	Title: "Reward-ranked fine-tuning",
	Cite: "Dong et al. 2023, arXiv:2304.06767; with a verifier, as in Xiong et al. 2025, " +
		"arXiv:2504.11343",
	Family: "imitation",
	Formula: "J = (1/N) Σ_i 1[r_i = max > 0] Σ_t log π(a_it|s_it), over the N tokens of rollouts " +
		"that are sampled afresh for every batch, max = the best reward of the prompt",
	Doc: `Answers every prompt of a batch a few times, imitates the best answers to each, and
repeats this with the policy that results: rft that never stops sampling. It needs a verifier and
no expert. An answer that earns less than the best to its prompt is ignored, and so is a prompt
whose answers earn nothing at all. Because the answers are always the policy's newest, it improves
as long as the policy does, which rft cannot; because nothing is ever pushed down, it soon settles
on one favourite way and stops exploring. A batch serves several updates, the later ones with
answers that are slightly out of date.`,
	Deviations: `The sum is divided by all tokens, not by those of the answers imitated, which only rescales the step. The
first paper keeps one answer of each prompt; here, as in the second, all that are equally good.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group.With(4), knob.Epochs.With(2), knob.Temp,
		knob.Tempered.With(false)},
	Dials:   "advantage=best,denominator=policy,average=tokens",
	Collect: objective.CollectRollouts,
	Build: func(param.Values) objective.Objective {
		return objective.Row{From: objective.Rollout,
			Advantage: objective.InGroup(objective.Rollout, objective.Reward, best)}
	},
}

// best sets each reward to 1 if it equals the highest one and is above 0, and to 0 otherwise.
func best(r []float64) {
	highest := slices.Max(r)
	for i, x := range r {
		r[i] = 0
		if x == highest && x > 0 {
			r[i] = 1
		}
	}
}
