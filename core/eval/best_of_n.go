package eval

import (
	"cmp"
	"slices"
)

// BestOfN returns what the best of n answers is worth on average if proxy ranks them and gold is
// their worth. proxy and gold hold the scores of the same N ≥ n answers. The estimate is unbiased:
// the mean over all ways to draw n of the N answers. Of answers with equal proxy scores each is the
// best equally often.
func BestOfN(proxy, gold []float64, n int) float64 {
	order := make([]int, len(proxy))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(proxy[a], proxy[b]) })
	// The i-th from below, counted from 1, is the best of C(i−1, n−1) of the C(N, n) ways.
	weight, expected := float64(n)/float64(len(order)), 0.0
	for i := len(order); i >= n; {
		tied := i // the answers from tied to i score the same
		for tied > 1 && proxy[order[tied-2]] == proxy[order[i-1]] {
			tied--
		}
		share, worth := 0.0, 0.0
		for j := i; j >= tied; j-- {
			share += weight
			worth += gold[order[j-1]]
			weight *= float64(j-n) / float64(max(1, j-1))
		}
		expected += float64(share*worth) / float64(i-tied+1)
		i = tied - 1
	}
	return expected
}
