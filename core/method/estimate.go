package method

import (
	"math"
	"slices"
)

// Estimator turns the rewards of one group (G) into advantages, in place. It is never given an empty group, and gives a
// group of one the advantage 0.
type Estimator func(r []float64)

// InGroup compares every completion with the others of its prompt: estimate sees the rewards of the group's
// completions from one source, in order. Completions from elsewhere do not count, and have no advantage.
func InGroup(from Source, reward func(*Completion) float64, estimate Estimator) Advantage {
	return compare(func(s Source) bool { return s == from }, reward, estimate)
}

// InUnion compares the completions from several sources to one prompt with each other.
func InUnion(from []Source, reward func(*Completion) float64, estimate Estimator) Advantage {
	return compare(func(s Source) bool { return slices.Contains(from, s) }, reward, estimate)
}

func compare(counts func(Source) bool, reward func(*Completion) float64, estimate Estimator) Advantage {
	return func(batch []Group) func(g, i int) []float64 {
		all := make([][]float64, len(batch)) // all[g][i]
		for g, group := range batch {
			all[g] = make([]float64, len(group))
			var r []float64
			for _, c := range group {
				if counts(c.Source) {
					r = append(r, reward(c))
				}
			}
			if len(r) == 0 {
				continue
			}
			estimate(r)
			for i, c := range group {
				if counts(c.Source) {
					all[g][i], r = r[0], r[1:]
				}
			}
		}
		return func(g, i int) []float64 { return all[g][i : i+1] }
	}
}

// Reward is the verifier's reward as it is.
func Reward(c *Completion) float64 { return c.Reward }

// Correct reports full marks: partial credit is not a right answer.
func Correct(c *Completion) bool { return c.Reward >= 1 }

// IfCorrect is the advantage 1 for a right answer and 0 for any other.
func IfCorrect(batch []Group) func(g, i int) []float64 {
	yes, no := []float64{1}, []float64{0}
	return func(g, i int) []float64 {
		if Correct(batch[g][i]) {
			return yes
		}
		return no
	}
}

// Centred subtracts the mean.
func Centred(r []float64) {
	m := mean(r)
	for i := range r {
		r[i] -= m
	}
}

// ZScore subtracts the mean and divides by the population standard deviation plus 1e-4.
func ZScore(r []float64) {
	Centred(r)
	variance := 0.0
	for _, d := range r {
		variance += float64(d * d)
	}
	std := math.Sqrt(variance / float64(len(r)))
	for i := range r {
		r[i] /= std + 1e-4
	}
}

// LeaveOneOut subtracts the mean of the others, which is (r − mean)·G/(G−1).
func LeaveOneOut(r []float64) {
	n := float64(len(r))
	Centred(r)
	if len(r) == 1 {
		return
	}
	for i := range r {
		r[i] *= n / (n - 1)
	}
}
