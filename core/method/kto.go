package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// KTO is Kahneman-Tversky Optimization: Ethayarajh et al. 2024, arXiv:2402.01306, eq. 8.
var KTO = Method{
	Name:   "kto",
	Title:  "Kahneman-Tversky Optimization",
	Cite:   "Ethayarajh et al. 2024, arXiv:2402.01306, eq. 8",
	Family: "preference",
	Formula: "J = mean over answers of σ(β·(D − z)) where it is good and σ(β·(z − D)) where it " +
		"is bad, D = log π/π_ref, z = max(0, mean D over the batch) held fixed",
	Doc: `Needs no pairs: each answer by itself is called good or bad by the simulated annotator. A good one is made likelier and a
bad one less likely than the batch's average, but answers that are far from that average already hardly count, much as
people's feelings about gains and losses level off. The annotator's labels are about one answer each, the cheapest kind there is.`,
	Deviations: `The paper estimates z on prompts paired with other prompts' answers; here on the batch's own. Good and bad
answers weigh the same, whatever their numbers.`,
	Knobs: knob.Preference(knob.Sharpness),
	Apart: "it learns from labels of single answers, each weighed against the mean of the " +
		"batch",
	Collect: func(v param.Values) objective.Collect {
		return objective.CollectPreferences(v, objective.OneByOne, true)
	},
	Build: func(v param.Values) objective.Objective { return prospect{v.Float("beta")} },
}

// prospect is the objective of KTO.
type prospect struct{ beta float64 }

func (p prospect) Needs() objective.Needs {
	return objective.Pairs | objective.Logp | objective.RefLogp
}

func (p prospect) Add(dst objective.Coeffs, batch []objective.Group) {
	z, n := objective.LabelledShift(batch)
	z = max(0, z)
	for g, group := range batch {
		for i, c := range group {
			sign := 1.0
			switch c.Source {
			case objective.Chosen:
			case objective.Rejected:
				sign = -1
			default:
				continue
			}
			s := objective.Sigmoid(p.beta * (objective.SequenceLogRatio(c) - z))
			push := sign * p.beta * s * (1 - s) / n
			for t := range dst[g][i].Logp {
				dst[g][i].Logp[t] += push
			}
		}
	}
}
