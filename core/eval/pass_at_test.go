package eval

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/task"
)

// Against all ways to draw k of a handful of answers. A handful of roundings of numbers of at most
// 1.
func TestPassAtIsTheShareOfAllDraws(t *testing.T) {
	for n := 1; n <= 12; n++ {
		for right := 0; right <= n; right++ {
			passed, draws := make([]float64, n+1), make([]float64, n+1)
			for draw := range uint(1) << n { // the first answers are the right ones
				k := bits.OnesCount(draw)
				draws[k]++
				if draw&(1<<right-1) != 0 {
					passed[k]++
				}
			}
			for k := 1; k <= n; k++ {
				if got, want := PassAt(n, right,
					k), passed[k]/draws[k]; math.Abs(got-want) > 1e-14 {
					t.Errorf("pass@%d of %d right among %d: %v, want %v", k, right, n, got, want)
				}
			}
		}
	}
}

// Over all outcomes of n answers that are right with probability p each, the mean is the
// probability that one of k is, 1 − (1−p)^k: the estimator has no bias, whatever p is, where 1 −
// (1−c/n)^k has one.
func TestPassAtHasNoBias(t *testing.T) {
	const n = 32
	for _, p := range []float64{0, 0.003, 0.1, 0.5, 0.97, 1} {
		for _, k := range []int{1, 2, 7, 32} {
			mean, ways := 0.0, 1.0
			for right := 0; right <= n; right++ {
				chance := ways * math.Pow(p, float64(right)) * math.Pow(1-p, float64(n-right))
				mean += chance * PassAt(n, right, k)
				ways *= float64(n-right) / float64(right+1)
			}
			// 32 terms of at most 1
			if want := 1 - math.Pow(1-p, float64(k)); math.Abs(mean-want) > 1e-12 {
				t.Errorf("p = %v: the mean of pass@%d is %v, want %v", p, k, mean, want)
			}
		}
	}
}

// More answers and more right ones never hurt; pass@1 is the share of right ones; nothing comes of
// none and all of all.
func TestPassAtProperties(t *testing.T) {
	const n = MaxAnswers
	for right := 0; right <= n; right++ {
		// a product of up to 256 factors
		if got := PassAt(n, right, 1); math.Abs(got-float64(right)/n) > 1e-13 {
			t.Fatalf("pass@1 of %d right: %v", right, got)
		}
		for k := 1; k <= n; k++ {
			p := PassAt(n, right, k)
			if !(p >= 0 && p <= 1) || right == 0 && p != 0 || right == n && p != 1 ||
				k == n && right > 0 && p != 1 {
				t.Fatalf("pass@%d of %d right: %v", k, right, p)
			}
			if k > 1 && p < PassAt(n, right, k-1) || right > 0 && p < PassAt(n, right-1, k) {
				t.Fatalf("pass@%d of %d right is %v, less than with one less", k, right, p)
			}
		}
	}
}

func passes(s *Suite, n *model.Network, answers int) (metrics []protocol.Metric) {
	for p := s.PassAtK(answers); p != nil; p = p.Next() {
		for !p.Advance(n) {
		}
		metrics = append(metrics, p.Metrics()...)
	}
	return metrics
}

// The same numbers on any number of workers, whatever was measured before; all are in the
// dictionary and within their range.
func TestPassesMeasureTheSameEveryTime(t *testing.T) {
	eachTask(t, func(t *testing.T, k task.Task) {
		base, policy := network(k, 0, 0), network(k, 2, 0.3)
		const answers = 20
		want := passes(NewSuite(k, base, prompts, 5, 1), policy, answers)
		for _, workers := range []int{2, 5} {
			s := NewSuite(k, base, prompts, 5, workers)
			s.Measure(policy, 1)
			if got := passes(s, policy, answers); !slices.Equal(got, want) {
				t.Fatalf("%d workers: %v, want %v", workers, got, want)
			}
		}
		levels := 0
		for _, l := range k.Levels {
			var pass []float64
			for _, m := range want {
				if d, ok := Define(m.Name); !ok || m.Value < 0 || d.Unit == Share && m.Value > 1 ||
					m.Value > answers {
					t.Errorf("%s = %v is not defined or out of its range", m.Name, m.Value)
				}
				if strings.HasPrefix(m.Name, "eval/"+l.Name+"/pass_at_") {
					pass = append(pass, m.Value)
				}
			}
			if l.Name == "prior" {
				continue
			}
			levels++
			if len(pass) != 5 || !slices.IsSorted(pass) { // 1, 2, 4, 8, 16
				t.Errorf("level %s: %v", l.Name, pass)
			}
		}
		if len(want) != 6*levels {
			t.Errorf("%d metrics of %d levels", len(want), levels)
		}
	})
}

// pass@1 is what accuracy estimates, from more answers, and what is right in many ways is counted
// in each.
func TestPassesOfAPolicyThatGuesses(t *testing.T) {
	k, err := task.Lookup("cards")
	if err != nil {
		t.Fatal(err)
	}
	k.Reward = func(_ task.Problem, response string) float64 { // right: one digit, and it is odd
		if len(response) == 1 && strings.Contains("13579", response) {
			return 1
		}
		return 0
	}
	const answers = 256
	policy := network(k, 1, 0.05)
	s := NewSuite(k, policy, prompts, 5, 2)
	found := map[string]float64{}
	for _, m := range passes(s, policy, answers) {
		found[m.Name] = m.Value
	}
	// Almost every token is as likely as any other: one of five digits, and then End.
	v := float64(k.Vocab())
	p := 5 / v / v
	for _, at := range []int{1, 16} {
		want := 1 - math.Pow(1-p, float64(at))
		// Of 24·256 answers; five standard deviations, and what the weights say of their own.
		if got := found[fmt.Sprintf("eval/id/pass_at_%d", at)]; math.Abs(got-want) > 0.5*want {
			t.Errorf("pass@%d is %v, want about %v", at, got, want)
		}
	}
	if got := found["eval/id/distinct_right"]; got < 1 || got > 5 {
		t.Errorf("%v different right answers, want 1 to 5", got)
	}
}
