package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// DFT is dynamic fine-tuning: Wu et al. 2025, arXiv:2508.05629, eq. 9.
var DFT = Method{
	Name:   "dft",
	Title:  "Dynamic fine-tuning",
	Cite:   "Wu et al. 2025, arXiv:2508.05629, eq. 9",
	Family: "imitation",
	Formula: "J = (1/N) Σ_i Σ_t sg(π(a_it|s_it))·log π(a_it|s_it), over the N tokens of all " +
		"demonstrations in the batch; sg holds fixed",
	Doc: `Imitates demonstrations, each token as strongly as the model already believes in it. Seen
as learning from reward, plain imitation pays the most for the tokens that the model finds least
likely; multiplying by the probability makes every token worth the same. So it refines what the
model half knows and hardly touches what is foreign to it: it forgets less than sft, and it cannot
teach the model what the model never says.`,
	Knobs:   []param.Knob{knob.LR.With(1e-3), knob.Batch.With(64)},
	Dials:   "source=demos,advantage=one,denominator=one,limit=free,average=tokens",
	Collect: objective.CollectDemos,
	Build: func(param.Values) objective.Objective {
		return objective.Row{From: objective.Demo, Denom: objective.OverOne,
			Reduce: objective.TokenMean}
	},
}
