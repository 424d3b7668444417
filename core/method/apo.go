package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// APO is Anchored Preference Optimization: D'Oosterlinck et al. 2024, arXiv:2408.06266, eq. 7 and
// 8.
var APO = Method{
	Name:   "apo",
	Title:  "Anchored Preference Optimization",
	Cite:   "D'Oosterlinck et al. 2024, arXiv:2408.06266, eq. 7 (zero) and 8 (down)",
	Family: "preference",
	Formula: "J = mean over pairs of σ(r_w) − σ(r_l) where form is zero, and of σ(r_w − r_l) − " +
		"σ(r_w) where it is down, r_w = β·log π/π_ref(chosen), r_l = β·log π/π_ref(rejected)",
	Doc: `Learns from pairs like dpo, and besides says for each answer by itself whether it is to become likelier than it
was at the start. dpo only asks for a difference, so it may let both answers become less likely, the better one too. With
form zero the better answer is pushed up and the worse one down: for pairs whose better answer is better than what the
model usually writes. With form down both are pushed down, the worse one further: for pairs of which even the better
answer is worse than the model. The push on an answer fades as it moves away from the start, and what is learned from other pairs may
outweigh it: train/chosen_shift_nats says where the better answers have really gone. It needs labelled pairs and a copy of the starting model. The form
has to fit the data: with down, a model that is shown its own best answers forgets them.`,
	Deviations: `A pair between whose answers the annotator sees no difference is left out.`,
	Unverified: "the paper's own text; the formulas are taken from TRL, which names their " +
		"equations",
	Knobs: knob.Preference(knob.Sharpness,
		param.Choice("form", "zero", []string{"zero", "down"},
			"Where the pair is to move. zero: the chosen answer becomes likelier than at the "+
				"start, the rejected one less likely. down: both become less likely, the "+
				"rejected one more so.").
			Called("where the pair moves")),
	Apart: "it compares two answers: a push depends on the pair and not on one answer",
	Collect: func(v param.Values) objective.Collect {
		return objective.CollectPreferences(v, objective.InPairs, true)
	},
	Build: func(v param.Values) objective.Objective {
		slopes := apoZero
		if v.Choice("form") == "down" {
			slopes = apoDown
		}
		return objective.Pairwise{Score: objective.ImplicitReward(v.Float("beta")),
			Slopes: slopes, Requires: objective.Logp | objective.RefLogp}
	},
}

// apoZero returns the derivatives of σ(chosen) − σ(rejected).
func apoZero(chosen, rejected float64) (ofChosen, ofRejected float64) {
	return sigmoidSlope(chosen), -sigmoidSlope(rejected)
}

// apoDown returns the derivatives of σ(chosen − rejected) − σ(chosen).
func apoDown(chosen, rejected float64) (ofChosen, ofRejected float64) {
	apart := sigmoidSlope(chosen - rejected)
	return apart - sigmoidSlope(chosen), -apart
}

// sigmoidSlope returns the derivative of σ at x.
func sigmoidSlope(x float64) float64 {
	s := objective.Sigmoid(x)
	return float64(s * (1 - s))
}
