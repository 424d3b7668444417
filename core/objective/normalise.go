package objective

import (
	"math"
	"slices"
)

// Normaliser turns the rewards of one group (G) into advantages, in place. It is never given an
// empty group, and gives a group of one the advantage 0.
type Normaliser func(r []float64)

// InGroup returns the advantage that compares each completion with the others of its prompt.
// normalise gets the rewards of the group's completions from one source, in order. Completions
// from other sources do not count and have advantage 0.
func InGroup(from Source, reward func(*Completion) float64, normalise Normaliser) Advantage {
	return compare(func(s Source) bool { return s == from }, reward, normalise)
}

// InUnion is [InGroup] for completions from several sources together.
func InUnion(from []Source, reward func(*Completion) float64, normalise Normaliser) Advantage {
	return compare(func(s Source) bool { return slices.Contains(from, s) }, reward, normalise)
}

func compare(counts func(Source) bool, reward func(*Completion) float64,
	normalise Normaliser) Advantage {
	return func(batch []Group) func(g, i int) []float64 {
		completions, largest := size(batch)
		all, rest := make([][]float64, len(batch)), make([]float64, completions) // all[g][i]
		rewards := make([]float64, 0, largest)
		for g, group := range batch {
			all[g], rest = rest[:len(group)], rest[len(group):]
			r := rewards
			for _, c := range group {
				if counts(c.Source) {
					r = append(r, reward(c))
				}
			}
			if len(r) == 0 {
				continue
			}
			normalise(r)
			for i, c := range group {
				if counts(c.Source) {
					all[g][i], r = r[0], r[1:]
				}
			}
		}
		return func(g, i int) []float64 { return all[g][i : i+1] }
	}
}

// size returns the number of completions of a batch and that of its largest group.
func size(batch []Group) (all, largest int) {
	for _, group := range batch {
		all, largest = all+len(group), max(largest, len(group))
	}
	return all, largest
}

// Reward returns the completion's reward.
func Reward(c *Completion) float64 { return c.Reward }

// Correct reports whether the response is fully right: partial credit is not enough.
func Correct(c *Completion) bool { return c.Reward >= 1 }

// IfCorrect returns the advantage of each token: 1 in a right answer and 0 in any other.
func IfCorrect(batch []Group) func(g, i int) []float64 {
	yes, no := []float64{1}, []float64{0}
	return func(g, i int) []float64 {
		if Correct(batch[g][i]) {
			return yes
		}
		return no
	}
}

// Centred is the [Normaliser] that subtracts the mean.
func Centred(r []float64) {
	m := Mean(r)
	for i := range r {
		r[i] -= m
	}
}

// ZScore is the [Normaliser] that subtracts the mean and divides by the population standard
// deviation plus 1e-4.
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

// LeaveOneOut is the [Normaliser] that subtracts the mean of the others, which is (r −
// mean)·G/(G−1).
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

// Whitened returns the advantage f, shifted and scaled so that the numbers of all rollout tokens of
// a batch have mean 0 and standard deviation 1.
func Whitened(f func(*Completion) []float64) Advantage {
	return func(batch []Group) func(g, i int) []float64 {
		out, all := NewGrid(batch), Positions(batch, Rollout)
		for g, group := range batch {
			for i, c := range group {
				if c.Source == Rollout {
					out[g][i] = f(c)
				}
			}
		}
		flat := make([]float64, len(all))
		for k, p := range all {
			flat[k] = out[p.G][p.I][p.T]
		}
		if len(flat) > 0 {
			ZScore(flat)
		}
		for k, p := range all {
			out[p.G][p.I][p.T] = flat[k]
		}
		return out.Row
	}
}
