package eval

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// confident returns a response of several tokens, whose probabilities multiply to p.
func confident(p float64, right bool) *rollout.Sequence {
	s := &rollout.Sequence{Completion: objective.Completion{Logp: []float64{num.Log(p) / 4,
		num.Log(p) * 3 / 4}}}
	if right {
		s.Reward = 1
	}
	return s
}

func TestCalibrationByHand(t *testing.T) {
	for _, c := range []struct {
		what string
		want float64
		of   []*rollout.Sequence
	}{
		{"sure and right", 0.05, []*rollout.Sequence{confident(0.95, true)}},
		{"sure and wrong", 0.95, []*rollout.Sequence{confident(0.95, false)}},
		{"no number", 1, []*rollout.Sequence{confident(math.NaN(), true)}},
		{"entirely sure and wrong", 1, []*rollout.Sequence{confident(1, false)}},
		{"as often as it says", 0,
			[]*rollout.Sequence{confident(0.5, true), confident(0.5, false)}},
		{"one class", 0.02, []*rollout.Sequence{confident(0.52, true), confident(0.52, false)}},
		{"two classes do not make up for each other", 0.55,
			[]*rollout.Sequence{confident(0.75, false), confident(0.65, true)}},
		{"a class of three weighs three times as much as one of one", (3*0.25 + 0.55) / 4,
			[]*rollout.Sequence{confident(0.25, false), confident(0.25, false),
				confident(0.25, false), confident(0.45, true)}},
	} {
		// logarithms and exponentials of numbers near 1
		if got := Calibration(c.of); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

// Of a policy that is right as often as it says, chance alone makes the error, and the less the
// more responses there are. In each of ten classes of N/10 the sum of N/10 differences has a
// standard deviation of at most sqrt(N/10)/2, and so a mean distance of at most .8 of it, so that
// the error is about .8·5·sqrt(N/10)/N on average.
func TestCalibrationOfTheCalibrated(t *testing.T) {
	for _, n := range []int{100, 1000, 10_000} {
		mean := 0.0
		const times = 50
		for seed := range uint64(times) {
			r := num.NewRand(seed, "test", "calibration")
			var all []*rollout.Sequence
			for range n {
				p := r.Float64()
				all = append(all, confident(max(p, 1e-9), r.Float64() < p))
			}
			mean += Calibration(all) / times
		}
		if most := 4 * math.Sqrt(float64(n)/10) / float64(n); mean > most || mean < most/3 {
			t.Errorf("%d responses: %v on average, want a little less than %v", n, mean, most)
		}
	}
}
