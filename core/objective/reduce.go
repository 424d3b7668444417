package objective

import "slices"

// Reduce says how the terms of tokens are averaged over a batch. Confusing these averages is the
// commonest silent difference between implementations of one method.
type Reduce uint8

// The three averages. Only completions of the objective's own source count, unless it names others.
const (
	// TokenMean is the mean over all tokens of the batch: long completions weigh more (SFT, DAPO).
	TokenMean Reduce = iota
	// SeqMean is the mean over a completion's tokens, then over completions: all completions weigh
	// the same (GRPO).
	SeqMean
	// SeqSum is the sum over a completion's tokens, then the mean over completions (REINFORCE,
	// Dr. GRPO).
	SeqSum
)

// Share returns the weight of each token of a completion in the average over the batch's
// completions from these sources.
func (k Reduce) Share(batch []Group, from ...Source) func(*Completion) float64 {
	completions, tokens := 0.0, 0.0
	for _, group := range batch {
		for _, c := range group {
			if slices.Contains(from, c.Source) {
				completions++
				tokens += float64(c.Len())
			}
		}
	}
	return func(c *Completion) float64 {
		switch k {
		case SeqMean:
			return 1 / (completions * float64(c.Len()))
		case SeqSum:
			return 1 / completions
		default:
			return 1 / tokens
		}
	}
}

// Total returns the sum of x, added in order.
func Total(x []float64) (s float64) {
	for _, v := range x {
		s += v
	}
	return s
}

// Mean returns the mean of x, and 0 if x is empty. It adds differences from the first number, so
// it is exact if all numbers are equal.
func Mean(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	s := 0.0
	for _, v := range x {
		s += v - x[0]
	}
	return x[0] + s/float64(len(x))
}
