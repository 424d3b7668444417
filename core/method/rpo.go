package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// RPO is DPO with imitation of the chosen answers: Pang et al. 2024, arXiv:2404.19733, eq. 1
// (iterative RPO); Liu et al. 2024, arXiv:2405.16436 (RPO).
var RPO = Method{
	Name:  "rpo",
	Title: "DPO with imitation of the chosen answers (RPO)",
	Cite: "Pang et al. 2024, arXiv:2404.19733, eq. 1 (Iterative RPO); Liu et al. 2024, " +
		"arXiv:2405.16436 (RPO)",
	Family: "preference",
	Formula: "J = mean over pairs of log σ(β·[log π/π_ref(chosen) − log π/π_ref(rejected)]) + " +
		"α·mean over the chosen of (1/T)·log π(chosen)",
	Doc: `dpo that also imitates the better answer of every pair. dpo alone is content when the worse answer falls faster
than the better one, and often both become less likely, which spoils what the model could do before. The second term
pulls the better answer up by itself. It matters most where the two answers are nearly the same, such as two
calculations of which one is right. It needs labelled pairs and a copy of the starting model. Where labels are often wrong, what it imitates is
often wrong too; with a large alpha it becomes plain imitation.`,
	Deviations: `The pairs are sampled once; the first paper samples new ones in each of four rounds, which here are four stages of a lane. The
imitation is averaged over an answer's tokens, with weight 1, as in the first paper; the second sums over the tokens, with weight 0.005.`,
	Knobs: knob.Preference(knob.Sharpness,
		param.Number("alpha", "", 1, 0, 100,
			"Weight of the imitation of the chosen answers beside the comparison. 0 is DPO.").
			Logarithmic().Called("weight of the imitation")),
	Apart: "it is a row of imitation plus a comparison of two answers",
	Collect: func(v param.Values) objective.Collect {
		return objective.CollectPreferences(v, objective.InPairs, true)
	},
	Build: func(v param.Values) objective.Objective {
		return objective.Sum{
			{Weight: v.Float("alpha"), Objective: objective.Row{From: objective.Chosen,
				Reduce: objective.SeqMean}},
			{Weight: 1, Objective: objective.Pairwise{
				Score: objective.ImplicitReward(v.Float("beta")),
				Slope: objective.PreferenceSlope(0), Requires: objective.Logp | objective.RefLogp}},
		}
	},
}
