package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// BREAD branches from the expert's answer where every rollout fails: Zhang et al. 2025,
// arXiv:2506.17211.
var BREAD = Method{
	Name:   "bread",
	Title:  "BREAD: branches from the expert's answer where all fails",
	Cite:   "Zhang et al. 2025, arXiv:2506.17211",
	Family: "hybrid",
	Formula: "J = J_grpo over the sampled tokens; a group without a right answer is replaced by " +
		"one that begins with the shortest start of the " +
		"demonstration, of those between episodes, after which band_low to band_high of the " +
		"answers are right",
	Doc: `GRPO that gets help where all answers to a prompt fail. There it looks for a part of the
expert's answer from which the model succeeds now and then: it cuts the demonstration, samples a
group of answers that begin with what is before the cut, and by halving finds the shortest such
start that leads to success sometimes, but not always. That group takes the place of the one that
failed. The start itself is not imitated; as the model learns, shorter ones suffice, until none is
needed. It needs a verifier, and demonstrations only of the prompts that the model fails.`,
	Deviations: `Where no start leads into the band, the shortest one beyond it is taken, and where there is none either the group that failed. A demonstration
is cut at tokens, into at most as many episodes as it has, the last of which is always left to the model.`,
	Unverified: "only a summary of the paper was read; the band is our choice",
	Knobs: knob.Hinted(
		param.Integer("episodes", "", 10, 2, 64,
			"Into how many parts a demonstration is divided; the given start consists of some "+
				"of them. A prompt that all answers fail costs one more group for each halving of "+
				"this number.").
			Called("parts of a demonstration").Logarithmic(),
		param.Number("band_low", "", 0.2, 0, 1,
			"Smallest share of right answers after a start that is kept.").
			Called("least success after a start"),
		param.Number("band_high", "", 0.8, 0, 1,
			"Largest share of right answers after a start that is kept.").
			Called("most success after a start")),
	Apart: "its rollouts may begin with a part of the expert's answer, and only what " +
		"follows is pushed",
	Collect: func(v param.Values) objective.Collect {
		c := objective.CollectRollouts(v)
		c.Hint = &objective.Hint{Branch: &objective.Branch{Episodes: v.Int("episodes"),
			Low: v.Float("band_low"), High: v.Float("band_high")}}
		return c
	},
	Build: func(v param.Values) objective.Objective {
		return objective.HintSplit{Sampled: objective.Proximal(v,
			objective.Row{Advantage: objective.InGroup(objective.Rollout, objective.Reward,
				objective.ZScore), Reduce: objective.SeqMean})}
	},
}
