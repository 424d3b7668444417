package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// CHORDMu is CHORD with imitation that fades: Zhang et al. 2025, arXiv:2508.11408, and its code.
var CHORDMu = Method{
	Name:   "chord_mu",
	Title:  "CHORD with imitation that fades",
	Cite:   "Zhang et al. 2025, arXiv:2508.11408, and its code",
	Family: "hybrid",
	Formula: "J = (1−μ)·J_grpo + μ·J_sft, J_grpo averaged over the tokens of all rollouts, μ " +
		"falling from mu to mu_end along a cosine over the first fade steps",
	Doc: `Imitates first and learns from reward later, without a seam between: the share of imitation fades along a cosine while
that of reward grows. The expert brings the model to where it succeeds now and then; from there on it is left to its own
attempts. It needs demonstrations and a verifier.`,
	Deviations: `The fade is over 100 steps by default, the paper's is over 200. ` +
		chordDeviations,
	Knobs: knob.Blend(knob.Mu.With(0.9),
		param.Number("mu_end", "", 0.05, 0, 1,
			"Share of imitation that is left at the end.").
			Called("share of imitation at the end"),
		param.Integer("fade", "updates", 100, 1, 1_000_000,
			"Over how many updates the share of imitation falls.").
			Called("updates of the fade").Logarithmic(), averageKnob),
	Apart: "it is the sum of two rows, imitation and reward, whose shares change during " +
		"training",
	Collect: objective.CollectWithDemos,
	Build: func(v param.Values) objective.Objective {
		at := func(mu float64) objective.Objective {
			return objective.Blend(v, mu, average(v),
				objective.Row{From: objective.Demo, Reduce: objective.TokenMean})
		}
		return objective.Schedule{
			Requires: at(0.5).Needs(), // of imitation and reward
			Step: func(p objective.Progress) objective.Objective {
				return at(imitationShare(v, p.Step))
			},
		}
	},
}

// imitationShare returns the share of imitation at a step.
func imitationShare(v param.Values, step int) float64 {
	return cosine(v.Float("mu"), v.Float("mu_end"), float64(step)/float64(v.Int("fade")))
}

// averageKnob sets how CHORD averages what it learns from reward.
var averageKnob = param.Choice("average", "tokens", []string{"tokens", "answers"},
	"How the part that learns from reward is averaged. tokens: over the tokens of all rollouts, "+
		"so that long answers weigh more. answers: over the tokens of each answer and then over "+
		"answers, as grpo does.")

// chordDeviations is what both forms of CHORD change.
const chordDeviations = `By default the part that learns from reward is averaged over tokens, as in the authors' code (mix_chord of
Trinity-RFT); average=answers takes GRPO's own average. That code also leaves alone a token of a bad answer that has become
more than three times as likely as when it was sampled; here dual_clip=3 does so.`

// average returns the setting of averageKnob.
func average(v param.Values) objective.Reduce {
	if v.Choice("average") == "answers" {
		return objective.SeqMean
	}
	return objective.TokenMean
}
