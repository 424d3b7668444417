package method

import (
	"math"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// SFTReplay is SFT with replay: experience replay for language models, as in Ibrahim et al.
// 2024, arXiv:2403.08763, section 4.
var SFTReplay = Method{
	Name:  "sft_replay",
	Title: "SFT with replay",
	Cite: "experience replay for language models, as in Ibrahim et al. 2024, " +
		"arXiv:2403.08763, section 4",
	Family: "imitation",
	Formula: "J = (1/N) Σ_i Σ_t log π(a_it|s_it), over the N tokens of the batch's " +
		"demonstrations and of replay·batch demonstrations of the prior skill",
	Doc: `Supervised fine-tuning that rehearses: beside the demonstrations of what is to be learned, every batch has some of a skill
from before. It is the oldest remedy against forgetting and the most reliable, where data of the old skill are still to be had.
It protects what is rehearsed; whether it protects anything else is another question.`,
	Knobs: []param.Knob{knob.LR.With(1e-3), knob.Batch.With(64),
		param.Number("replay", "", 0.1, 0, 1,
			"Demonstrations of the prior skill in a batch, as a share of the other "+
				"demonstrations. 0 is plain SFT.").
			Called("replayed demonstrations"),
	},
	Dials:   "source=demos,advantage=one,denominator=policy,average=tokens",
	Besides: "some of the demonstrations of a batch are of the prior skill",
	Collect: func(v param.Values) objective.Collect {
		return objective.Collect{Demos: 1,
			Replay: int(math.Round(v.Float("replay") * float64(v.Int("batch")))), Epochs: 1}
	},
	Build: func(param.Values) objective.Objective {
		return objective.Row{From: objective.Demo, Reduce: objective.TokenMean}
	},
}
