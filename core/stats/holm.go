package stats

import "slices"

// Holm corrects p-values for their number. If all with a corrected value of at most α are called
// significant, the probability that any of these is a false one is at most α, however the tests
// depend on each other (Holm, "A simple sequentially rejective multiple test procedure", 1979). The
// corrected values are in the order of p, which is left as it was.
func Holm(p []float64) []float64 {
	order := upTo(len(p))
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case p[i] < p[j]:
			return -1
		case p[i] > p[j]:
			return 1
		}
		return 0
	})
	corrected := make([]float64, len(p))
	least := 0.0
	for rank, i := range order {
		least = max(least, min(1, float64(len(p)-rank)*p[i]))
		corrected[i] = least
	}
	return corrected
}
