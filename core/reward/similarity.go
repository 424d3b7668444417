package reward

// Similarity is 2M/T of two sequences: T is how many tokens they have together, M how many are in matching blocks as Ratcliff
// and Obershelp find them (Dr. Dobb's Journal, July 1988), that is in the longest common run, and again to the left and to the
// right of it. Of several longest runs it is the first in a, and then in b. Two empty sequences are alike. It is the ratio of
// Python's difflib without its notion of junk.
func Similarity(a, b []int32) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	return float64(2*matching(a, b)) / float64(len(a)+len(b))
}

// matching is how many tokens are in matching blocks.
func matching(a, b []int32) int {
	i, j, n := longestRun(a, b)
	if n == 0 {
		return 0
	}
	return matching(a[:i], b[:j]) + n + matching(a[i+n:], b[j+n:])
}

// longestRun is where the longest common run begins in either sequence, and how long it is.
func longestRun(a, b []int32) (i, j, n int) {
	for x := range a {
		for y := range b {
			k := 0
			for x+k < len(a) && y+k < len(b) && a[x+k] == b[y+k] {
				k++
			}
			if k > n {
				i, j, n = x, y, k
			}
		}
	}
	return i, j, n
}
