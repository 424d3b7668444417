package reward

// Similarity returns 2M/T, where T is the number of tokens in a and b together and M the number of
// tokens in matching blocks: in the longest common run, and recursively in the parts to the left
// and to the right of it (Ratcliff and Obershelp, Dr. Dobb's Journal, July 1988). Of several
// longest runs the first in a, and then in b, counts. Two empty sequences have similarity 1. It is
// the ratio of Python's difflib without its junk heuristic.
func Similarity(a, b []int32) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	return float64(2*matching(a, b)) / float64(len(a)+len(b))
}

// matching returns the number of tokens in matching blocks.
func matching(a, b []int32) int {
	i, j, n := longestRun(a, b)
	if n == 0 {
		return 0
	}
	return matching(a[:i], b[:j]) + n + matching(a[i+n:], b[j+n:])
}

// longestRun returns where the longest common run begins in a and in b, and its length.
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
