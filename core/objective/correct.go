package objective

import "slices"

// Correction says what is done about rollouts that were sampled by another policy than the one that
// is trained: by a coarser copy of it, or by the policy of some updates ago. The ratio of a sampled
// token is π_old/π_sampler: its probability under the policy before the first update with the
// batch, divided by that under the copy that sampled it. The ratio that a [Row] takes to the
// behaviour policy begins at π_old, so the two multiply to π/π_sampler.
type Correction struct {
	How  CorrectionKind
	Span Span    // tokens that the ratio is taken over
	Cap  float64 // the largest ratio, at least 1
}

// CorrectionKind is what happens to a ratio outside the range of a [Correction].
type CorrectionKind uint8

// The three kinds.
const (
	Uncorrected CorrectionKind = iota
	// Truncated multiplies by min(ratio, Cap): truncated importance sampling (TIS, Yao et al.
	// 2025).
	Truncated
	// Masked multiplies by the ratio, and by 0 where it is outside [1/Cap, Cap], masked importance
	// sampling (IcePop, arXiv:2510.18855).
	Masked
)

// Weights returns what the pushes on sampled tokens are multiplied by (T), given the logarithm of
// each token's ratio, and how many of the tokens were truncated or masked. It returns nil without
// a correction.
func (c Correction) Weights(logRatio []float64) (weights []float64, stopped int) {
	if c.How == Uncorrected {
		return nil, 0
	}
	weights = slices.Clone(logRatio)
	switch c.Span {
	case OfMean:
		Fill(weights, Mean(logRatio))
	case OfAnswer:
		Fill(weights, Total(logRatio))
	}
	for t, x := range weights {
		ratio := ExpRatio(x)
		weights[t] = min(ratio, c.Cap)
		outside := ratio > c.Cap
		if c.How == Masked && (outside || ratio < 1/c.Cap) {
			weights[t], outside = 0, true
		}
		if outside {
			stopped++
		}
	}
	return weights, stopped
}

// corrected returns what the push on token t is multiplied by.
func (c *Completion) corrected(t int) float64 {
	if c.Weight == nil {
		return 1
	}
	return c.Weight[t]
}
