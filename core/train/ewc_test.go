package train

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/rollout"
)

// The importance of a weight is the mean of the squared slope of an example's log-probability in
// it, by finite differences. In float32 a slope is right to some 1e-3 of the largest.
func TestImportanceIsTheMeanSquaredSlope(t *testing.T) {
	s := session(t, testLane(t, []string{"grpo", "ewc=1"}), 2)
	got := s.stage.measureImportance()
	expert := expert{s.lane.Task, param.Defaults(s.lane.Task.Knobs), s.stage.collector.streams}
	examples := make([]*rollout.Sequence, consolidated)
	for i := range examples {
		examples[i] = expert.rehearse(s.prior[i], i)
	}
	r := num.NewRand(1, "test", "weights")
	weights, largest := s.stage.start.Data, 0.0
	for _, x := range got {
		largest = max(largest, float64(x))
	}
	likelihoods := func() []float64 {
		s.stage.startNetwork().Refresh()
		s.scorer.Score(s.stage.startNetwork(), examples, rollout.Policy, objective.Logp)
		out := make([]float64, len(examples))
		for i, seq := range examples {
			for _, l := range seq.Logp {
				out[i] += l
			}
		}
		return out
	}
	for range 40 {
		k := r.IntN(len(weights))
		at, step := weights[k], float32(1e-2)
		weights[k] = at + step
		above := likelihoods()
		weights[k] = at - step
		below := likelihoods()
		weights[k] = at
		want := 0.0
		for i := range above {
			slope := (above[i] - below[i]) / (2 * float64(step))
			want += slope * slope / float64(len(above))
		}
		if math.Abs(float64(got[k])-want) > 1e-3*largest+0.02*want {
			t.Errorf("weight %d has importance %v, finite differences say %v", k, got[k], want)
		}
	}
}

// The pull holds weights that matter and is none at 0.
func TestConsolidationHolds(t *testing.T) {
	moved := func(setting string) (far float64) {
		s := session(t, testLane(t, []string{"sft", "steps=8", "batch=8", "lr=0.003", setting}), 2)
		run(t, s)
		for i, importance := range session(t, testLane(t, []string{"sft", "ewc=1"}),
			2).stage.measureImportance() {
			d := float64(s.Weights().Data[i] - s.stage.start.Data[i])
			far += float64(importance) * d * d
		}
		return far
	}
	if free, held := moved("ewc=0"), moved("ewc=100"); held > free/2 {
		t.Errorf("what matters has moved by %v, by %v when it was free", held, free)
	}
}

func TestConsolidationLeavesNoTrace(t *testing.T) {
	leavesNoTrace(t, testLane(t,
		[]string{"grpo", "steps=4", "batch=8", "lr=0.01", "epochs=2", "ewc=10"}, []string{"sft",
			"steps=3", "batch=8", "lr=0.01", "ewc=10", "rank=2", "prior=0.25"}))
	leavesNoTrace(t, testLane(t, []string{"dpo", "steps=4", "batch=8", "lr=0.01", "ewc=10"}))
}
