package method

import "posttrain/core/param"

var _ = register(Method{
	Name:    "interleave",
	Title:   "Imitation and reward in turns",
	Cite:    "the simplest of the interleaved schedules in arXiv:2603.13985, section 4.4",
	Family:  "hybrid",
	Formula: "J = J_sft at every turn-th step, J_grpo at the others",
	Doc: `Takes turns: a step of imitation, then some of learning from reward, and so on to the end of the stage. Neither gets in the
other's way within a step, and each undoes a little of what the other has done. It needs demonstrations and a verifier. With
relift and hpt compare what it means to imitate only where the model fails.`,
	Deviations: `Rollouts are sampled at the steps of imitation too, and thrown away.`,
	Knobs: proximalKnobs(
		param.Integer("turn", "updates", 2, 1, 1000, "One step in so many imitates, the first one included. 1 always imitates.").Logarithmic()),
	Collect: guided,
	Build: func(v param.Values) Objective {
		return Over(func(p Progress) Objective {
			if p.Step%v.Int("turn") == 0 {
				return Row{From: Demo, Reduce: TokenMean}
			}
			return blend(v, 0, SeqMean, Row{From: Demo, Reduce: TokenMean})
		})
	},
})
