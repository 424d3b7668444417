package annotation

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/protocol"
)

// planted returns n pairs of answers of random length and reward. likes is how much reward one more
// symbol is worth to the scores, noise how much reward they err by.
func planted(n int, likes, noise float64, seed uint64) (pairs []protocol.Comparison) {
	r := rand.New(rand.NewPCG(seed, 1))
	answer := func() protocol.Sample {
		length := 4 + r.IntN(8)
		a := protocol.Sample{Response: "abcdefghijklmnop"[:length], Reward: r.Float64()}
		a.Judged = a.Reward + likes*float64(length) + noise*(2*r.Float64()-1)
		return a
	}
	for range n {
		pairs = append(pairs,
			protocol.Comparison{First: answer(), Second: answer(), Swapped: r.IntN(2) == 1})
	}
	return pairs
}

// labels returns the labels of somebody who judges by the scores.
func labels(pairs []protocol.Comparison) string {
	var b strings.Builder
	for i, p := range pairs {
		b.WriteByte(map[int]byte{1: 'a', -1: 'b'}[score(i, p)])
	}
	return b.String()
}

// lane returns a lane whose reward model scores with a liking for length, and with the labels of
// somebody who likes length so much.
func lane(judged, fresh int, yours, learned, noise float64) Lane {
	by := planted(judged, yours, noise, 3)
	return Lane{Name: "yours", Judged: labels(by), Pairs: by,
		Fresh: planted(fresh, learned, noise, 5)}
}

// A liking for length that both have is found, and put down to the labels only if the reward model
// without them does not have it.
func TestABiasThatWasTakenOver(t *testing.T) {
	r := Of([]Lane{lane(40, 250, 1, 1, 0), {Name: "simulated", Fresh: planted(250, 0, 0, 5)}})
	if r.Headline != "The reward model took over your liking for the longer answer." {
		t.Errorf("the headline is %q", r.Headline)
	}
	said := strings.Join(r.Says, "\n")
	for _, want := range []string{
		"You lean towards the longer answer: where that is the worse one by the gold reward",
		"The reward model took this over. It leans towards the longer answer"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said in\n%s", want, said)
		}
	}
	if strings.Contains(said, "may not come from you") {
		t.Errorf("without reason it is doubted:\n%s", said)
	}
	both := Of([]Lane{lane(40, 250, 1, 1, 0), {Name: "simulated", Fresh: planted(250, 1, 0, 5)}})
	if said := strings.Join(both.Says, "\n"); !strings.Contains(said, "may not come from you") ||
		strings.Contains(both.Headline+said, "took over") {
		t.Errorf("the reward model without the labels has the bias too, and nothing says so:\n%s",
			said)
	}
	short := Of([]Lane{lane(40, 250, -1, -1, 0)})
	if short.Headline != "The reward model took over your liking for the shorter answer." {
		t.Errorf("the headline is %q", short.Headline)
	}
}

// Random errors are no bias, however many there are; nor is a bias claimed that few pairs do not
// show, or that only one of both has.
func TestWhatCannotBeToldIsNotClaimed(t *testing.T) {
	for name, l := range map[string]Lane{
		"random errors":       lane(200, 250, 0, 0, 2),
		"few pairs":           lane(4, 250, 1, 1, 0),
		"only yours":          lane(40, 250, 1, 0, 0),
		"only the model's":    lane(40, 250, 0, 1, 0),
		"no reward differs":   {Judged: "ab", Pairs: make([]protocol.Comparison, 2)},
		"opposite directions": lane(40, 250, 1, -1, 0),
	} {
		r := Of([]Lane{l})
		if !strings.Contains(r.Headline, "cannot be told") {
			t.Errorf("%s: %s\n%s", name, r.Headline, strings.Join(r.Says, "\n"))
		}
		if said := strings.Join(r.Says, " "); strings.Contains(said, "took this over.") {
			t.Errorf("%s: %s", name, said)
		}
	}
}

// The tables count what they say, each count with its interval. No judge is compared with itself.
func TestTables(t *testing.T) {
	answer := func(text string, reward, score float64) protocol.Sample {
		return protocol.Sample{Response: text, Reward: reward, Judged: score}
	}
	pairs := []protocol.Comparison{
		{First: answer("abca", 1, 2), Second: answer("ab", 0, 1)},
		{First: answer("aab", 0, 2), Second: answer("abc", 1, 3), Swapped: true},
		{First: answer("ab", 1, 0), Second: answer("abc", 1, 5)},
		{First: answer("ab", 0, 0), Second: answer("abc", 1, 5)},
	}
	r := Of([]Lane{{Name: "yours", Judged: "aab-", Pairs: pairs, Fresh: pairs}})
	want := []struct {
		table    int
		row      string
		of       string
		count, n int
	}{
		{0, "agrees with you", "you", 0, 0},
		{0, "agrees with you", "gold reward", 1, 2},
		{0, "agrees with you", "yours", 2, 3},
		{0, "agrees with the gold reward", "you", 1, 2},
		{0, "agrees with the gold reward", "gold reward", 0, 0},
		{0, "agrees with the gold reward", "yours", 2, 2},
		{0, "prefers the longer one", "you", 2, 2},
		{0, "prefers the longer one", "gold reward", 1, 1},
		{0, "prefers the one with more symbols repeated at once", "you", 1, 1},
		{0, "prefers the one that ends on its first symbol", "you", 1, 1},
		{0, "prefers the one on the left", "you", 1, 3},
		{0, "prefers the one on the left", "yours", 0, 0},
		{1, "agrees with the gold reward", "yours", 3, 3},
		{1, "prefers the longer one", "gold reward", 2, 2},
		{1, "prefers the longer one", "yours", 3, 3},
	}
	for _, w := range want {
		cell := cellOf(t, r.Tables[w.table], w.row, w.of)
		low, high := eval.Wilson(float64(w.count)/math.Max(1, float64(w.n)), w.n)
		if w.n == 0 && cell.Of == 0 {
			continue
		}
		if cell != (Count{w.count, w.n, low, high}) {
			t.Errorf("%s, %s: %+v, want %d of %d", w.row, w.of, cell, w.count, w.n)
		}
	}
	if got := r.Tables[0].Title; got != "On the 3 pairs that you judged" {
		t.Errorf("the title is %q", got)
	}
}

func cellOf(t *testing.T, table Table, row, column string) Count {
	t.Helper()
	for _, r := range table.Rows {
		for i, c := range table.Columns {
			if r.Title == row && c == column {
				return r.Cells[i]
			}
		}
	}
	t.Fatalf("there is no cell %s, %s in %+v", row, column, table)
	return Count{}
}

func TestNobodyJudged(t *testing.T) {
	r := Of([]Lane{{Name: "rlhf", Judged: "--"}, {Name: "other"}})
	if r.Headline != "No reward model learned from labels of yours." || r.Tables != nil {
		t.Errorf("%+v", r)
	}
}
