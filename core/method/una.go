package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// UNA is imitation as regression of an implicit reward: Wang et al. 2024, arXiv:2410.21438.
var UNA = Method{
	Name:   "una",
	Title:  "UNA: imitation as regression of an implicit reward",
	Cite:   "Wang et al. 2024, arXiv:2410.21438",
	Family: "imitation",
	Formula: "J = −(1/n) Σ_i (σ(β·log π/π_ref(y_i)) − r_i)², over the n demonstrations in the " +
		"batch, each of reward r = 1",
	Doc: `Imitates demonstrations as if they were rated answers. As in DPO, how much likelier an answer is than under
the reference model stands for the reward the model gives it, squeezed into 0 to 1, and this is fitted to the real one,
which for an expert's answer is 1. So a demonstration is pushed up until it is clearly likelier than at the start, and
no further: the reference model is an anchor. It needs demonstrations and a copy of the starting model.`,
	Deviations: `Which paper the survey means by its DPO-inspired imitation was found by author and year alone. The
paper's beta is 0.01; answers here have ten tokens, not hundreds, so it is larger.`,
	Unverified: "the formula is from a summary of the paper, and the survey may mean another",
	Knobs:      []param.Knob{knob.LR.With(1e-3), knob.Batch.With(64), knob.Sharpness},
	Dials:      "source=demos,advantage=implicit,denominator=policy,average=sum,beta=0",
	Collect:    objective.CollectDemos,
	Build: func(v param.Values) objective.Objective {
		return objective.Row{From: objective.Demo,
			Advantage: objective.PerCompletion(squaredErrorSlope(v.Float("beta"))),
			Reduce:    objective.SeqSum, Requires: objective.Logp | objective.RefLogp}
	},
}

// squaredErrorSlope returns the derivative of −(σ(β·log ratio) − r)² in the log-ratio.
func squaredErrorSlope(beta float64) func(*objective.Completion) float64 {
	return func(c *objective.Completion) float64 {
		s := objective.Sigmoid(beta * objective.SequenceLogRatio(c))
		return 2 * beta * (c.Reward - s) * s * (1 - s)
	}
}
