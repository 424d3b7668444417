package objective

// PerCompletion returns the advantage that f computes for each completion by itself.
func PerCompletion(f func(*Completion) float64) Advantage {
	return PerToken(func(c *Completion) []float64 { return []float64{f(c)} })
}

// PerToken returns the advantages that f computes for each token of a completion (T).
func PerToken(f func(*Completion) []float64) Advantage {
	return func(batch []Group) func(g, i int) []float64 {
		return func(g, i int) []float64 { return f(batch[g][i]) }
	}
}

// BinaryReward returns 1 if the response is fully right, and 0 otherwise.
func BinaryReward(c *Completion) float64 {
	if Correct(c) {
		return 1
	}
	return 0
}

// CountCorrect returns how many rollouts of the group are fully right, and how many rollouts
// there are.
func CountCorrect(g Group) (right, all int) {
	for _, c := range g {
		if c.Source == Rollout {
			all++
			if Correct(c) {
				right++
			}
		}
	}
	return right, all
}

// RewardsDiffer reports whether the rollouts of the group have different rewards. It is the
// filter of dynamic sampling (DAPO, arXiv:2503.14476): where all rewards are equal, every
// advantage is 0.
func RewardsDiffer(g Group) bool {
	var first *Completion
	for _, c := range g {
		if c.Source != Rollout {
			continue
		}
		if first == nil {
			first = c
		}
		if c.Reward != first.Reward {
			return true
		}
	}
	return false
}
