package reward

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/num"
)

func tokens(text string) (all []int32) {
	for _, r := range text {
		all = append(all, r)
	}
	return all
}

// What Python's difflib.SequenceMatcher(None, a, b, autojunk=False).ratio() says. The measure is
// not symmetric.
func TestSimilarityIsDifflibs(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"", "", 1}, {"", "12", 0}, {"12", "12", 1}, {"12", "34", 0}, {"12", "13", 0.5},
		{"12", "21", 0.5}, {"12", "1", 2 / 3.},
		{"1203", "1230", 0.75}, {"abcd", "bcda", 0.75}, {"xaby", "abxy", 0.75},
		{"123123", "321321", 0.5}, {"aab", "aba", 2 / 3.},
		{"0213x", "1230x", 0.4}, {"tide", "diet", 0.25}, {"diet", "tide", 0.5},
	} {
		if got := Similarity(tokens(c.a), tokens(c.b)); got != c.want {
			t.Errorf("%q and %q: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

// subsequence returns the length of the longest common subsequence. Matching blocks are at most
// that long.
func subsequence(a, b []int32) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			above := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(row[j+1], row[j])
			}
			diagonal = above
		}
	}
	return row[len(b)]
}

// Of random sequences: a share, 1 for equal ones alone, at least the longest common run and at most
// the longest common subsequence.
func TestSimilarityIsBounded(t *testing.T) {
	r := num.NewRand(1, "test", "similarity")
	draw := func() []int32 {
		x := make([]int32, r.IntN(9))
		for i := range x {
			x[i] = int32(r.IntN(3))
		}
		return x
	}
	for range 2000 {
		a, b := draw(), draw()
		_, _, run := longestRun(a, b)
		got, both := Similarity(a, b), math.Max(1, float64(len(a)+len(b)))
		if Similarity(a, a) != 1 || len(a)+len(b) > 0 &&
			(got < float64(2*run)/both || got > float64(2*subsequence(a, b))/both) {
			t.Fatalf("%v and %v: %v, the longest run is %d, the longest subsequence %d", a, b, got,
				run, subsequence(a, b))
		}
		if same := len(a) == len(b) && subsequence(a, b) == len(a); (got == 1) != same {
			t.Fatalf("%v and %v: %v", a, b, got)
		}
	}
}
