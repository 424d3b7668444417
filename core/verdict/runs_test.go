package verdict

import (
	"math"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/task"
)

// Between 0 and the quantile in the table lie 47.5 % of the distribution: its density is summed up
// by Simpson's rule. The quantiles have four decimals, and so the share is right to 1e-5.
func TestStudentsT(t *testing.T) {
	for i, q := range studentsT {
		nu := float64(i + 1)
		density := func(x float64) float64 {
			return math.Gamma((nu+1)/2) / math.Gamma(nu/2) / math.Sqrt(nu*math.Pi) *
				math.Pow(1+x*x/nu, -(nu+1)/2)
		}
		const pieces = 2000
		h, share := q/pieces, 0.0
		for k := range pieces {
			x := h * float64(k)
			share += h / 6 * (density(x) + 4*density(x+h/2) + density(x+h))
		}
		if math.Abs(share-0.475) > 1e-5 {
			t.Errorf("%d degrees of freedom: %.6f lie between 0 and %.4f, want 0.475", i+1, share,
				q)
		}
	}
}

// trained returns the lanes of a run that has ended with these values of a metric.
func trained(metric string, values ...float64) (lanes []Lane) {
	for i, v := range values {
		lanes = append(lanes, Lane{Name: []string{"SFT", "GRPO", "DPO"}[i], Step: 8,
			Now: map[string]float64{metric: v}})
	}
	return lanes
}

// The values of the first lane are 0.8, 0.9 and 0.7, whose mean is 0.8 and whose standard deviation
// is 0.1: 4.3027·0.1/√3 is 0.248. What is a share ends at 1.
func TestRuns(t *testing.T) {
	levels := task.Cards.Levels
	own := levels[0].Metric()
	q := Question{Levels: levels}
	got := Runs(q, [][]Lane{trained(own, 0.8, 0.5), trained(own, 0.9, 0.5),
		trained(own, 0.7, 0.75)})
	for _, want := range []string{"Over 3 runs, ", "SFT 80\u202f% [55\u202f%, 100\u202f%]",
		"SFT had the largest value in 2 of 3."} {
		if !strings.Contains(got, want) {
			t.Errorf("%q does not say %q", got, want)
		}
	}
	for what, runs := range map[string][][]Lane{
		"a single run":       {trained(own, 1, 0)},
		"a run at its start": {trained(own, 1, 0), {{Name: "SFT"}, {Name: "GRPO"}}},
		"another metric":     {trained(own, 1, 0), trained("train/loss", 1, 0)},
	} {
		if got := Runs(q, runs); got != "" {
			t.Errorf("of %s it says %q", what, got)
		}
	}
	q.About = []string{"cost/flops"}
	costly := func(flops ...float64) []Lane {
		lanes := trained(own, 0.5, 0.5)
		for i := range lanes {
			lanes[i].Cost.FLOPs = flops[i]
		}
		return lanes
	}
	got = Runs(q, [][]Lane{costly(1e9, 2e9), costly(3e9, 2e9), costly(2e9, 2e9)})
	if want := "SFT and GRPO had the largest value in 1 of 3 each."; !strings.Contains(got, want) {
		t.Errorf("%q does not say %q", got, want)
	}
}

// A run is finished when each lane stands measured at its last update.
func TestFinished(t *testing.T) {
	levels := task.Cards.Levels[:1]
	lanes := trained(levels[0].Metric(), 1, 1)
	if !Finished(levels, lanes, []int{8, 8}) || Finished(levels, lanes, []int{8, 9}) {
		t.Error("a run is finished when its lanes are, and not before")
	}
}
