package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// SPPO is Self-Play Preference Optimization with hard labels: Wu et al. 2024, arXiv:2405.00675,
// eq. 4.7.
var SPPO = Method{
	Name:  "sppo",
	Title: "Self-Play Preference Optimization",
	Cite: "Wu et al. 2024, arXiv:2405.00675, eq. 4.7, with hard labels as in TRL's loss_type " +
		"sppo_hard",
	Family: "preference",
	Formula: "J = −½·mean over pairs of [(D_w − 1/(2β))² + (D_l + 1/(2β))²], D_w = log " +
		"π/π_ref(chosen), D_l = log π/π_ref(rejected)",
	Doc: `A game of the model against its own last version: an answer is worth how often it beats the answers of that version.
A winner is to become likelier by a fixed amount, and a loser less likely by the same amount, each for
itself; an answer that has moved too far is pulled back. So unlike with dpo, the better answer is not let down
as long as the worse one falls faster, and no label is followed without end. Since only wins count and not rewards, it also makes sense of
judges whose preferences go round in a circle. It needs labelled pairs and a copy of the starting model. Several rounds
are stages that follow each other, each of which samples anew and plays against the model it started from. With a small beta the targets
are so far away that they are never reached, and nothing holds the model near where it started.`,
	Deviations: `An answer plays against a single other one, so that it wins always or never; the paper takes the share of wins
against five answers, as a judge model estimates it. The paper's beta is 0.001, a target of 500 nats for answers of hundreds of tokens.`,
	Knobs: knob.Preference(knob.Sharpness),
	Apart: "it compares two answers: a push depends on the pair and not on one answer",
	Collect: func(v param.Values) objective.Collect {
		return objective.CollectPreferences(v, objective.InPairs, true)
	},
	Build: func(v param.Values) objective.Objective {
		target := 1 / (2 * v.Float("beta"))
		return objective.Pairwise{Score: objective.ImplicitReward(1),
			Slopes: towards(target), Requires: objective.Logp | objective.RefLogp}
	},
}

// towards returns the derivatives of −½·[(chosen − target)² + (rejected + target)²].
func towards(target float64) func(chosen, rejected float64) (ofChosen, ofRejected float64) {
	return func(chosen, rejected float64) (ofChosen, ofRejected float64) {
		return target - chosen, -target - rejected
	}
}
