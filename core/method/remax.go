package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// ReMax is REINFORCE against the greedy answer: Li et al. 2023, arXiv:2310.10505, algorithm 1,
// and its code in verl.
var ReMax = Method{
	Name:   "remax",
	Title:  "REINFORCE against the greedy answer",
	Cite:   "Li et al. 2023, arXiv:2310.10505, algorithm 1, and its code in verl",
	Family: "policy gradient",
	Formula: "J = (1/n) Σ_i A_i Σ_t log π(a_it|s_it), A_i = r_i − r(greedy answer to the same " +
		"prompt), A held fixed",
	Doc: `Samples answers to each prompt, and also takes the one answer that the model itself thinks best, with the likeliest
token at every place. An answer that earns more than that is made likelier, one that earns less is made less likely. So
even a single sampled answer has something to be compared with, and where the greedy answer is right already, wrong ones
are all that teach. The greedy answer is only a yardstick: it costs tokens and a call of the verifier, and is never
learned from. It needs a verifier and no demonstrations.`,
	Deviations: `Four answers are sampled to a prompt, the paper samples one. A group without a greedy answer, which the
trainer never makes, teaches nothing.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group.With(4), knob.Temp, knob.Tempered,
		knob.Entropy},
	Dials: "advantage=greedy,denominator=policy,average=sum",
	Collect: func(v param.Values) objective.Collect {
		return objective.Collect{Group: v.Int("group"), Greedy: 1, Epochs: 1}
	},
	Build: func(v param.Values) objective.Objective {
		return objective.WithEntropyBonus(v,
			objective.Row{From: objective.Rollout, Advantage: overGreedy(objective.Reward),
				Reduce:   objective.SeqSum,
				Requires: objective.Greedies})
	},
}

// overGreedy returns the advantage reward minus the verifier's reward for the greedy answer to the
// same prompt.
func overGreedy(reward func(*objective.Completion) float64) objective.Advantage {
	return func(batch []objective.Group) func(g, i int) []float64 {
		return func(g, i int) []float64 {
			for _, c := range batch[g] {
				if c.Source == objective.Greedy {
					return []float64{reward(batch[g][i]) - c.Reward}
				}
			}
			return []float64{0}
		}
	}
}
