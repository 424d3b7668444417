package signal

import "fmt"

// rewardApart is found where the reward in training and the score on held-out prompts part.
var rewardApart = Signal{
	Name:  "reward_apart",
	Title: "The reward rises and the score does not",
	Rule: `The mean reward in training is at least 0.25 above the score on held-out prompts of the
same kind, and since the start of the stage the score has risen by less than a third of what the
reward has. Where only some of what is practised carries over, the score rises with the reward.`,
	Why: `A policy learns whatever its verifier lets pass. If a wrong answer that earns the reward
is easier to find than the right one, it becomes likelier until nothing else is left. The score is
measured by the strict verifier. Read the answers that earn the full reward.`,
	Cite:     "Gao et al. 2022, arXiv:2210.10760",
	Term:     "verifier",
	Exhibit:  "failure_leak",
	Reads:    []string{practisedMetric, rewardMetric},
	Explains: []string{"entropy_gone", "kl_runaway"},
	applies:  verified,
	measured: func(s Series) string {
		const gap, share = 0.25, 1. / 3
		score, known := s.score(s.Last())
		reward, ok := s.at(s.Last(), rewardMetric)
		before, rewardBefore, began := scoreAndReward(s, s.first())
		if !known || !ok || !began || reward-score < gap ||
			score-before >= share*(reward-rewardBefore) {
			return ""
		}
		return fmt.Sprintf("The mean reward in training is %.2f. On held-out prompts %s.", reward,
			s.scored(score))
	},
	cures: func(s Series) []Cure {
		cures := []Cure{{Says: "Judge by the strict verifier: leak=false.", Set: "leak=false"}}
		return append(cures, raise(s.Stage, "beta", 0.3, "Stay near the base by a KL penalty:")...)
	},
}

// scoreAndReward returns the score and the reward in training at a point, and whether it has both.
func scoreAndReward(s Series, p Point) (score, reward float64, ok bool) {
	score, known := s.score(p)
	reward, ok = s.at(p, rewardMetric)
	return score, reward, known && ok
}
