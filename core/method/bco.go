package method

import (
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// BCO is Binary Classifier Optimization: Jung et al. 2024, arXiv:2404.04656.
var BCO = Method{
	Name:   "bco",
	Title:  "Binary Classifier Optimization",
	Cite:   "Jung et al. 2024, arXiv:2404.04656, as in TRL's BCOTrainer",
	Family: "preference",
	Formula: "J = mean over answers of log σ(β·D − δ) where it is good and log σ(δ − β·D) where " +
		"it is bad, D = log π/π_ref, δ = mean of β·D over all answers of all updates so far, " +
		"held fixed",
	Doc: `Needs no pairs: each answer by itself is called good or bad by the simulated annotator. The
policy is trained as a classifier that tells the two apart, where the score of an answer is how
much likelier it has become than under the reference model. What counts is the score beside the
average of all scores so far, so that the whole does not drift when most labels are of one kind. An answer
that is classified well already counts less, and one that is classified badly counts fully, whereas
kto gives it up. The labels are about one answer each, the cheapest kind there is. If nearly all
answers are good, or nearly all bad, there is little to tell apart.`,
	Deviations: `Answers are weighed alike, whichever prompts they are to; the paper's weights for good and bad answers that
come from different prompts are not needed, since here both are to the same ones.`,
	Unverified: "the paper's own text: TRL takes the mean over all answers so far, which is " +
		"followed here; the paper may fix the shift otherwise",
	Knobs: knob.Preference(knob.Sharpness),
	Apart: "it learns from labels of single answers, each weighed against the mean of all so far",
	Collect: func(v param.Values) objective.Collect {
		return objective.CollectPreferences(v, objective.OneByOne, true)
	},
	Build: func(v param.Values) objective.Objective {
		beta := v.Float("beta")
		return objective.Schedule{
			Requires: classifier{}.Needs(),
			Step: func(p objective.Progress) objective.Objective {
				return classifier{beta, slices.Clone(p.Shifts)}
			},
		}
	},
}

// classifier is the objective of BCO for a step, given the mean log-ratios of the steps before.
type classifier struct {
	beta   float64
	shifts []float64
}

func (classifier) Needs() objective.Needs {
	return objective.Pairs | objective.Logp | objective.RefLogp
}

func (o classifier) Add(dst objective.Coeffs, batch []objective.Group) {
	shift, n := objective.LabelledShift(batch)
	delta := o.beta * (objective.Total(o.shifts) + shift) / float64(len(o.shifts)+1)
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
			score := float64(o.beta*objective.SequenceLogRatio(c)) - delta
			push := sign * objective.Sigmoid(-sign*score)
			for t := range dst[g][i].Logp {
				dst[g][i].Logp[t] += float64(o.beta*push) / n
			}
		}
	}
}
