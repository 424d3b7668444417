package signal

import "fmt"

// hacked is found where the score that is learned from rises and the gold reward falls.
var hacked = Signal{
	Name:  "hacked",
	Title: "The score rises, the quality falls",
	Rule: `The score that is learned from, a reward model's or that of a reward of one's own, is
higher than at the start of the stage, and the gold reward of held-out answers is lower than there
by more than chance explains.`,
	Why: `A reward model has seen answers of the base. Far from them its score is a guess, and a
policy that maximises the score goes where the guess is too high. A reward of one's own pays for
what is written in it, which is rarely all that was meant.`,
	Cite:     "Gao et al. 2022, arXiv:2210.10760",
	Term:     "reward_model",
	Exhibit:  "hacking",
	Reads:    []string{practisedMetric, scoreMetric},
	Explains: []string{"entropy_gone", "kl_runaway", "longer"},
	applies: func(s Stage) bool {
		return s.Collect.RewardModel != nil || s.OwnReward
	},
	measured: func(s Series) string {
		from, to, ok := s.scores(s.first(), s.Last())
		scores := s.newest(2, scoreMetric)
		start, known := s.at(s.first(), scoreMetric)
		if !ok || !known || scores == nil || min(scores[0], scores[1]) <= start ||
			!s.higher(to, from) {
			return ""
		}
		return fmt.Sprintf("The score that is learned from went from %.2f to %.2f. The gold "+
			"reward at %s, which is only measured, went from %.2f to %.2f.", start, scores[1],
			s.Level.Title, from, to)
	},
	cures: func(s Series) []Cure {
		return append(raise(s.Stage, "beta", 0.3, "Stay near the base by a KL penalty:"),
			lowerRate(s.Stage, 4, "Take a quarter of the learning rate:")...)
	},
}
