package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// Interleave is imitation and reward in turns: the simplest of the interleaved schedules in
// arXiv:2603.13985, section 4.4.
var Interleave = Method{
	Name:    "interleave",
	Title:   "Imitation and reward in turns",
	Cite:    "the simplest of the interleaved schedules in arXiv:2603.13985, section 4.4",
	Family:  "hybrid",
	Formula: "J = J_sft at every turn-th step, J_grpo at the others",
	Doc: `Takes turns: one update of imitation, then some of learning from reward, and so on to the
end of the stage. Within an update neither gets in the other's way, but each undoes a little of
what the other has done. It needs demonstrations and a verifier. Compare relift and hpt, which
imitate only where the model fails.`,
	Deviations: `Rollouts are sampled at the steps of imitation too, and thrown away.`,
	Knobs: knob.Proximal(
		param.Integer("turn", "updates", 2, 1, 1000,
			"One update in so many imitates, the first one included. 1 always imitates.").
			Called("one imitation in so many updates").Logarithmic()),
	Apart: "it is one of two rows at each step: imitation at some steps, reward at the " +
		"others",
	Collect: objective.CollectWithDemos,
	Build: func(v param.Values) objective.Objective {
		imitate := objective.Row{From: objective.Demo, Reduce: objective.TokenMean}
		reinforce := objective.Blend(v, 0, objective.SeqMean, imitate)
		return objective.Schedule{
			Requires: imitate.Needs() | reinforce.Needs(),
			Step: func(p objective.Progress) objective.Objective {
				if p.Step%v.Int("turn") == 0 {
					return imitate
				}
				return reinforce
			},
		}
	},
}
