package method

import (
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// IWSFT is importance-weighted supervised fine-tuning: Qin and Springenberg 2025,
// arXiv:2507.12856, and its code.
var IWSFT = Method{
	Name:   "iw_sft",
	Title:  "Importance-weighted supervised fine-tuning",
	Cite:   "Qin and Springenberg 2025, arXiv:2507.12856, and its code",
	Family: "imitation",
	Formula: "J = (1/N) Σ_i Σ_t w_it·log π(a_it|s_it), over the N tokens of all demonstrations " +
		"in the batch, w held fixed: " +
		"min(exp(power·mean_t log π/π_ref), 16), or per token π/π_ref held within 0.2 and 1.8",
	Doc: `Imitates demonstrations, and more strongly those that have become likelier since the
start. Imitating good answers is a lower bound on learning from reward; weighting each
demonstration by how much likelier it has become makes the bound tighter. In the first update all
weights are 1 and it is sft; then what is learned easily counts more and more, and what resists is
given up. It needs demonstrations and a copy of the starting model, and no verifier.`,
	Knobs: []param.Knob{knob.LR.With(1e-3), knob.Batch.With(64),
		param.Choice("level", "sequence", []string{"sequence", "token"},
			"Whether a whole demonstration has one weight or each token its own.").
			Called("one weight for each"),
		param.Number("power", "", 2, 0, 10,
			"How steeply the weight of a demonstration grows with its average log-ratio; "+
				"called temp in the authors' code.").
			Called("steepness of the weight")},
	Dials:   "source=demos,advantage=one,denominator=reference,span=mean,limit=power,average=tokens",
	Collect: objective.CollectDemos,
	Build: func(v param.Values) objective.Objective {
		r := objective.Row{From: objective.Demo, Denom: objective.OverReference,
			Ratio: func(x, _ float64) float64 { return max(0.2, min(1.8, x)) }}
		if v.Choice("level") == "sequence" {
			r.Span, r.Ratio = objective.OfMean, raised(v.Float("power"))
		}
		return r
	},
}

// raised raises the ratio to a power, and limits the result to 16.
func raised(power float64) func(ratio, advantage float64) float64 {
	return func(ratio, _ float64) float64 { return min(num.Pow(ratio, power), 16) }
}
