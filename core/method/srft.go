package method

import (
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// SRFT is supervised reinforcement fine-tuning: Fu et al. 2025, arXiv:2506.19767, in the form of
// the code of arXiv:2509.04419.
var SRFT = Method{
	Name:   "srft",
	Title:  "Supervised reinforcement fine-tuning",
	Cite:   "Fu et al. 2025, arXiv:2506.19767, in the form of the code of arXiv:2509.04419",
	Family: "hybrid",
	Formula: "J = mean over demonstrated tokens of e^−h/2·log π + A·π, plus mean over sampled " +
		"tokens of e^h/10·log π (right answers) or −log π (others), " +
		"h = mean entropy of the answer, held fixed, A = r − mean over rollouts and " +
		"demonstration of the prompt",
	Doc: `Imitates and learns from reward in a single stage, with the model's entropy as the mixer. A demonstration
counts less the more undecided the model is about it, so that what is foreign does not wash over what is known; besides,
it is judged against the model's own answers like one of them. Own right answers count more the less sure the model was,
which works against ever growing certainty; own wrong ones are pushed down. It needs demonstrations and a verifier.`,
	Deviations: `The sums of the three parts are averaged over tokens, demonstrated and sampled ones apart. An answer is
right with the full reward alone. The paper divides A by the standard deviation, its code does not; std says which.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group.With(7), knob.Temp, knob.Tempered,
		param.Flag("std", false,
			"Whether a demonstration's advantage is divided by the standard deviation of the "+
				"group's rewards, plus 1e-4: true as in the paper's formula, false as in the code "+
				"that was run.").
			Called("divide by the deviation")},
	Apart: "it is the sum of two rows, one on demonstrations and one on rollouts, each " +
		"weighed by the policy's entropy",
	Collect: func(v param.Values) objective.Collect {
		return objective.Collect{Demos: 1, Group: v.Int("group"), Epochs: 1}
	},
	Build: func(v param.Values) objective.Objective {
		normalise := objective.Centred
		if v.Flag("std") {
			normalise = objective.ZScore
		}
		return objective.Sum{
			{Weight: 1, Objective: objective.Row{
				From: objective.Demo, Denom: objective.OverOne,
				Advantage: objective.InUnion(objective.RolloutsAndDemos(), objective.Reward,
					normalise), Requires: objective.Entropy,
				Extra: objective.PerCompletion(func(c *objective.Completion) float64 {
					return 0.5 * num.Exp(-objective.Mean(c.Entropy))
				}),
			}},
			{Weight: 1, Objective: objective.Row{From: objective.Rollout,
				Requires: objective.Entropy,
				Advantage: objective.PerCompletion(func(c *objective.Completion) float64 {
					if objective.Correct(c) {
						return 0.1 * num.Exp(objective.Mean(c.Entropy))
					}
					return -1
				})}},
		}
	},
}
