package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// STaR is self-taught reasoner: Zelikman et al. 2022, arXiv:2203.14465, algorithm 1.
var STaR = Method{
	Name:   "star",
	Title:  "Self-taught reasoner",
	Cite:   "Zelikman et al. 2022, arXiv:2203.14465, algorithm 1",
	Family: "imitation",
	Formula: "J = (1/N) Σ_i Σ_t log π(a_it|s_it), over the N tokens of the right answers of the " +
		"round's sampling, and of a demonstration for every prompt " +
		"without one; after every round all prompts are answered anew, and the policy starts " +
		"from the base again",
	Doc: `Learns in rounds. In each round the model answers every training prompt; right answers
are kept, and where it failed, the expert's answer takes their place. Then the base, not the model
of the last round, is fine-tuned on all of these; only the answers come from the newest model.
Starting again from the base keeps the model from building on its own bad habits. It needs a verifier, and an
expert for what the model cannot do yet, which becomes less from round to round. A right answer
that was found by a wrong way is kept like any other.`,
	Deviations: `Where the model failed, the paper shows it the answer and has it explain (rationalisation); here the expert's
demonstration stands in for that. All rounds have the same length; in the paper they grow by a fifth. Answers are sampled, not
greedy, because a base such as that of cards is careless when it samples and has nothing to learn from its likeliest answers.`,
	Unverified: "that the paper's rounds grow by a fifth is from memory",
	Knobs: []param.Knob{knob.LR.With(1e-3), knob.Batch.With(64), knob.Group.With(1), knob.Temp,
		knob.Tempered.With(false),
		param.Integer("round", "updates", 25, 1, 1_000_000,
			"Updates of a round. Then all prompts are answered again, and the policy returns "+
				"to the base.").
			Called("updates of a round").Logarithmic()},
	Apart: "it is the sum of two rows, one on right answers and one on demonstrations for " +
		"the prompts without any",
	Collect: func(v param.Values) objective.Collect {
		return objective.Collect{Group: v.Int("group"), Epochs: 1, Best: true,
			Buffer: &objective.Buffer{Every: v.Int("round"), Keep: objective.Correct,
				Demonstrate: true, Restart: true}}
	},
	Build: imitateRightAndDemos,
}

// imitateRightAndDemos imitates right rollouts and demonstrations alike, averaged over the tokens
// of both.
func imitateRightAndDemos(param.Values) objective.Objective {
	return objective.Sum{
		{Weight: 1, Objective: objective.Row{From: objective.Rollout,
			Advantage: objective.IfCorrect, Among: objective.RolloutsAndDemos()}},
		{Weight: 1, Objective: objective.Row{From: objective.Demo,
			Among: objective.RolloutsAndDemos()}},
	}
}
