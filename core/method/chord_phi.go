package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// CHORDPhi is CHORD with a weight for every token: Zhang et al. 2025, arXiv:2508.11408, and its
// code.
var CHORDPhi = Method{
	Name:   "chord_phi",
	Title:  "CHORD with a weight for every token",
	Cite:   "Zhang et al. 2025, arXiv:2508.11408, and its code",
	Family: "hybrid",
	Formula: "J = (1−mu)·J_grpo, averaged over the tokens of all rollouts, + mu·(1/N) Σ_i Σ_t " +
		"π(1−π)·log π(a_it|s_it), over the N tokens of all demonstrations in the batch, " +
		"π(1−π) held fixed",
	Doc: `Learns from reward and imitates at once, but only where the model is undecided. A demonstrated token counts
most when the model gives it a chance of one half: what it already knows needs no lesson, and what is foreign to it
would upset what it has learned by itself. So the expert guides without taking over. It needs demonstrations and a
verifier.`,
	Deviations: chordDeviations,
	Knobs:      knob.Blend(averageKnob),
	Apart:      "it is the sum of two rows, one on demonstrations and one on rollouts",
	Collect:    objective.CollectWithDemos,
	Build: func(v param.Values) objective.Objective {
		return objective.Blend(v, v.Float("mu"), average(v), objective.Row{
			From: objective.Demo, Denom: objective.OverOne,
			Ratio: func(p, _ float64) float64 { return p * (1 - p) }, Reduce: objective.TokenMean,
		})
	},
}
