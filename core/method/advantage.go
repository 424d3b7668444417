package method

// PerCompletion gives every completion an advantage by itself.
func PerCompletion(f func(*Completion) float64) Advantage {
	return PerToken(func(c *Completion) []float64 { return []float64{f(c)} })
}

// PerToken gives every token of a completion an advantage of its own (T).
func PerToken(f func(*Completion) []float64) Advantage {
	return func(batch []Group) func(g, i int) []float64 {
		return func(g, i int) []float64 { return f(batch[g][i]) }
	}
}

// As is the estimator that leaves rewards as they are.
func As([]float64) {}

// FullMarks is 1 for a right answer and 0 for any other.
func FullMarks(c *Completion) float64 {
	if Correct(c) {
		return 1
	}
	return 0
}

// solved counts the fully right rollouts of a group, and all of them.
func solved(g Group) (right, all int) {
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

// mixed is the filter of dynamic sampling (DAPO, arXiv:2503.14476): it keeps the groups whose rollouts do not all earn the
// same, since the others have no advantage.
func mixed(g Group) bool {
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
