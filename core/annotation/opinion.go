package annotation

import (
	"cmp"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/protocol"
)

// An opinion says which answer of pair i is preferred: 1 for the first, -1 for the second, and 0 if
// neither is.
type opinion func(i int, p protocol.Comparison) int

// person returns the opinion of somebody with these labels: a, b or - for each pair.
func person(labels string) opinion {
	return func(i int, _ protocol.Comparison) int {
		switch {
		case i < len(labels) && labels[i] == 'a':
			return 1
		case i < len(labels) && labels[i] == 'b':
			return -1
		}
		return 0
	}
}

// more returns the opinion that prefers the answer of which value is larger.
func more(value func(protocol.Sample) float64) opinion {
	return func(_ int, p protocol.Comparison) int {
		return cmp.Compare(value(p.First), value(p.Second))
	}
}

func gold(i int, p protocol.Comparison) int {
	return more(func(a protocol.Sample) float64 { return a.Reward })(i, p)
}

func score(i int, p protocol.Comparison) int {
	return more(func(a protocol.Sample) float64 { return a.Judged })(i, p)
}

// left prefers the answer that a person sees on the left.
func left(_ int, p protocol.Comparison) int {
	if p.Swapped {
		return -1
	}
	return 1
}

// feature is something simple in which two answers may differ. It makes neither of them good.
type feature struct {
	title       string // of its row in a table
	with, other string // the answer that has more of it, and the one that has less
	prefers     opinion
}

// features returns all features.
func features() []feature {
	return []feature{
		{"the longer one", "the longer answer", "the shorter answer",
			more(func(a protocol.Sample) float64 { return float64(len(a.Symbols())) })},
		{"the one with more symbols repeated at once",
			"the answer with more symbols repeated at once",
			"the answer with fewer symbols repeated at once", more(repeats)},
		{"the one that ends on its first symbol", "the answer that ends on its first symbol",
			"the answer that does not end on its first symbol", more(returns)},
	}
}

// repeats returns how many symbols of an answer are the same as the one before.
func repeats(a protocol.Sample) (n float64) {
	symbols := a.Symbols()
	for i := 1; i < len(symbols); i++ {
		if symbols[i] == symbols[i-1] {
			n++
		}
	}
	return n
}

// returns is 1 for an answer that ends on its first symbol, and otherwise 0.
func returns(a protocol.Sample) float64 {
	symbols := a.Symbols()
	if n := len(symbols); n > 1 && symbols[0] == symbols[n-1] {
		return 1
	}
	return 0
}

// Count is how often something was seen in a number of pairs.
type Count struct {
	Count int `json:"count"`
	Of    int `json:"of"` // 0 if there was no pair to see it in
	// the 95 % interval of the share
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

func (c Count) share() float64 { return float64(c.Count) / float64(max(1, c.Of)) }

// agreement returns how often two opinions are the same where both prefer an answer, among the
// pairs for which where reports true.
func agreement(pairs []protocol.Comparison, a, b opinion,
	where func(i int, p protocol.Comparison) bool) (c Count) {
	for i, p := range pairs {
		x, y := a(i, p), b(i, p)
		if x == 0 || y == 0 || !where(i, p) {
			continue
		}
		c.Of++
		if x == y {
			c.Count++
		}
	}
	c.Low, c.High = eval.Wilson(c.share(), c.Of)
	return c
}

func everywhere(int, protocol.Comparison) bool { return true }

// enough is the least number of pairs of either kind from which a lean is told: in fewer, one pair
// would decide.
const enough = 5

// lean is how an opinion differs from the gold reward with respect to a feature. An opinion that
// errs at random errs equally often whichever answer has the feature. A biased one errs in one
// direction.
type lean struct {
	worse  Count // the answer with the feature is preferred although it is the worse one
	passed Count // the other one is preferred although the answer with the feature is better
	// towards is 1 if the opinion leans towards the feature, -1 if away from it, and 0 if the
	// interval of the difference between both shares contains 0.
	towards int
}

func leanOf(pairs []protocol.Comparison, o opinion, f feature) (l lean) {
	against := func(i int, p protocol.Comparison) int { return -gold(i, p) }
	better := func(want int) func(int, protocol.Comparison) bool {
		return func(i int, p protocol.Comparison) bool {
			return gold(i, p)*f.prefers(i, p) == want
		}
	}
	l.worse, l.passed = agreement(pairs, o, against, better(-1)),
		agreement(pairs, o, against, better(1))
	if min(l.worse.Of, l.passed.Of) < enough {
		return l
	}
	low, high := eval.Difference(l.worse.share(), l.worse.Of, l.passed.share(), l.passed.Of)
	switch {
	case low > 0:
		l.towards = 1
	case high < 0:
		l.towards = -1
	}
	return l
}
