package study

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/train"
)

func result(seed uint64, values ...float64) *Result {
	r := &Result{Seed: seed}
	for i, v := range values {
		r.Lanes = append(r.Lanes, LaneResult{
			Label:   []string{"sft", "grpo"}[i],
			Metrics: map[string]float64{"eval/id/accuracy": v, "eval/ood/accuracy": 1 - v},
			Cost:    protocol.Cost{Labels: 1, VerifierCalls: 10, FLOPs: 1e9, Seconds: 0.5},
		})
	}
	return r
}

// Student's t at 97.5 %, from a table: 12.7062, 4.3027 and 2.7764 for 1, 2 and 4
// degrees of freedom.
func TestSummaryAgainstTheTable(t *testing.T) {
	for _, c := range []struct {
		values     []float64
		mean, half float64
	}{
		{[]float64{0, 1}, 0.5, 12.7062 / 2},                      // sd 1/√2, over √2
		{[]float64{1, 2, 3}, 2, 4.3027 / math.Sqrt(3)},           // sd 1
		{[]float64{1, 2, 3, 4, 5}, 3, 2.7764 * math.Sqrt(2.5/5)}, // variance 2.5
		{[]float64{0.25, 0.25, 0.25}, 0.25, 0},
	} {
		e := estimate(c.values)
		if e.N != len(c.values) || math.Abs(e.Mean-c.mean) > 1e-12 { // float64 rounding
			t.Errorf("%v: %+v, want mean %v", c.values, e, c.mean)
		}
		for _, half := range []float64{e.High - e.Mean, e.Mean - e.Low} {
			if math.Abs(half-c.half) > 5e-5*c.half { // the table has five digits or more
				t.Errorf("%v: %+v is %v wide to a side, want %v", c.values, e, half, c.half)
			}
		}
	}
}

// One seed gives no interval: none is printed, and none is in the JSON.
func TestOneSeedGivesNoInterval(t *testing.T) {
	two := func(x float64) string { return fmt.Sprintf("%.2f", x) }
	for json, e := range map[string]Estimate{
		`{"mean":0.5,"n":1}`:                         estimate([]float64{0.5}),
		`{"mean":0,"n":1}`:                           estimate([]float64{0}).within(0, 1),
		`{"mean":0.25,"low":0.25,"high":0.25,"n":3}`: estimate([]float64{0.25, 0.25, 0.25}),
		`{"mean":0.5,"low":0,"high":1,"n":2}`:        estimate([]float64{0, 1}).within(0, 1),
	} {
		if have := inJSON(t, e); have != json {
			t.Errorf("%+v is %s, want %s", e, have, json)
		}
	}
	for text, e := range map[string]Estimate{"0.50": {Mean: 0.5, N: 1},
		"0.50 [0.00, 1.00]": {0.5, &Interval{0, 1}, 2}} {
		if have := e.Text(two); have != text {
			t.Errorf("%+v is written as %s, want %s", e, have, text)
		}
	}
}

func TestSummaryPutsSeedsTogether(t *testing.T) {
	s := summarise([]*Result{result(3, 0.2, 0.9), result(4, 0.4, 0.7), result(9, 0.6, 0.8)})
	if s.Event != "summary" || s.Engine != train.Engine ||
		!slices.Equal(s.Seeds, []uint64{3, 4, 9}) || len(s.Lanes) != 2 {
		t.Fatalf("%+v", s)
	}
	for i, want := range []struct {
		label   string
		id, ood float64
	}{{"sft", 0.4, 0.6}, {"grpo", 0.8, 0.2}} {
		lane := s.Lanes[i]
		if lane.Label != want.label ||
			lane.Cost != (protocol.Cost{Labels: 3, VerifierCalls: 30, FLOPs: 3e9, Seconds: 1.5}) ||
			len(lane.Metrics) != 2 {
			t.Errorf("lane %d: %+v", i, lane)
		}
		for name, mean := range map[string]float64{"eval/id/accuracy": want.id,
			"eval/ood/accuracy": want.ood} {
			e := lane.Metrics[name]
			// float64 rounding
			if e.N != 3 || math.Abs(e.Mean-mean) > 1e-12 || !(e.Low < e.Mean && e.Mean < e.High) {
				t.Errorf("lane %s: %s is %+v, want mean %v", lane.Label, name, e, mean)
			}
		}
	}
}
