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
	Formula: "J = J_grpo over the sampled tokens; a group without a right answer is replaced by one that begins with the shortest start of the " +
		"demonstration, of those between episodes, after which band_low to band_high of the answers are right",
	Doc: `GRPO, until all answers to a prompt fail. Then it looks for a place in the expert's answer from which the model succeeds now
and then: it halves the demonstration again and again, each time samples a group of answers that begin with what is before the cut, and keeps the
shortest start that was followed by success, neither always nor hardly ever. That group takes the place of the one that failed. What was given is not imitated, so
the expert only sets the scene; as the model learns, the start grows shorter until none is needed. It needs a verifier, and the
demonstrations of those prompts alone that it fails.`,
	Deviations: `Where no start leads into the band, the shortest one beyond it is taken, and where there is none either the group that failed. A demonstration
is cut at tokens, into at most as many episodes as it has, the last of which is always left to the model.`,
	Unverified: "only a summary of the paper was read; the band is our choice",
	Knobs: knob.Hinted(
		param.Integer("episodes", "", 10, 2, 64, "Into how many parts a demonstration is cut, to begin with some of them. A prompt of which all answers fail costs a group for each halving of this.").Logarithmic(),
		param.Number("band_low", "", 0.2, 0, 1, "Least share of right answers after a start that is kept."),
		param.Number("band_high", "", 0.8, 0, 1, "Greatest share of right answers after a start that is kept.")),
	Collect: func(v param.Values) objective.Collect {
		c := objective.CollectRollouts(v)
		c.Hint = &objective.Hint{Branch: &objective.Branch{Episodes: v.Int("episodes"), Low: v.Float("band_low"), High: v.Float("band_high")}}
		return c
	},
	Build: func(v param.Values) objective.Objective {
		return objective.HintSplit{Sampled: objective.Proximal(v, objective.Row{Advantage: objective.InGroup(objective.Rollout, objective.Reward, objective.ZScore), Reduce: objective.SeqMean})}
	},
}
