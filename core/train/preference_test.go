package train

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// labelledAnswer returns an answer of these log-probabilities; ref may be nil.
func labelledAnswer(source objective.Source, logp, ref []float64) *rollout.Sequence {
	return &rollout.Sequence{Completion: objective.Completion{Source: source, Logp: logp,
		RefLogp: ref}}
}

func TestPairMetricsByHand(t *testing.T) {
	pair := func(w, l, refW, refL []float64) rollout.Group {
		return rollout.Group{labelledAnswer(objective.Chosen, w, refW),
			labelledAnswer(objective.Rejected, l, refL)}
	}
	for name, c := range map[string]struct {
		groups []rollout.Group
		want   map[string]float64
	}{
		"no label": {[]rollout.Group{{labelledAnswer(objective.Rollout, []float64{-1}, nil)}},
			map[string]float64{}},
		"both down, the rejected one further": {
			[]rollout.Group{pair([]float64{-2, -2}, []float64{-6}, []float64{-1, -1},
				[]float64{-1})},
			map[string]float64{"train/chosen_logp_nats": -4, "train/rejected_logp_nats": -6,
				"train/chosen_shift_nats": -2, "train/rejected_shift_nats": -5,
				"train/margin_nats": 3, "train/pair_accuracy": 1}},
		"one right, one wrong, one undecided": {
			[]rollout.Group{
				pair([]float64{-1}, []float64{-1}, []float64{-2}, []float64{-1}),
				append(pair([]float64{-3}, []float64{-1}, []float64{-1}, []float64{-1}),
					pair([]float64{-1}, []float64{-2}, []float64{-1}, []float64{-2})...)},
			map[string]float64{"train/chosen_logp_nats": -5. / 3,
				"train/rejected_logp_nats": -4. / 3, "train/chosen_shift_nats": -1. / 3,
				"train/rejected_shift_nats": 0, "train/margin_nats": -1. / 3,
				"train/pair_accuracy": 0.5}},
		"no reference model": {
			[]rollout.Group{pair([]float64{-1}, []float64{-3}, nil, nil)},
			map[string]float64{"train/chosen_logp_nats": -1, "train/rejected_logp_nats": -3,
				"train/margin_nats": 2, "train/pair_accuracy": 1}},
		"no partner": {
			[]rollout.Group{{labelledAnswer(objective.Rejected, []float64{-3}, []float64{-1})}},
			map[string]float64{"train/rejected_logp_nats": -3, "train/rejected_shift_nats": -2}},
	} {
		got := pairMetrics(c.groups)
		if len(got) != len(c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
		for _, m := range got {
			if want, ok := c.want[m.Name]; !ok || math.Abs(m.Value-want) > 1e-12 {
				t.Errorf("%s: %s is %v, want %v", name, m.Name, m.Value, want)
			}
		}
	}
}

// Every method that learns from labelled answers reports them at every update. Before the first one
// nothing has moved; where pairs are compared, they then come apart.
func TestPreferencesAreReported(t *testing.T) {
	for _, m := range method.All() {
		v := m.Defaults()
		if m.Collect(v).Label == objective.Unlabelled {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			needs := m.Build(v).Needs()
			names := []string{"train/chosen_logp_nats", "train/rejected_logp_nats",
				"train/margin_nats", "train/pair_accuracy"}
			if needs.Has(objective.RefLogp) {
				names = append(names, "train/chosen_shift_nats", "train/rejected_shift_nats")
			}
			s := session(t, testLane(t, []string{m.Name, "steps=3", "batch=64", "lr=0.001"}), 1)
			var updates [][]protocol.Metric
			for _, e := range run(t, s) {
				if e.Kind == protocol.Updated {
					updates = append(updates, e.Metrics)
				}
			}
			if len(updates) != 3 {
				t.Fatalf("there are %d updates, want 3", len(updates))
			}
			for _, name := range names {
				if _, ok := eval.Define(name); !ok {
					t.Errorf("%s is not in the dictionary", name)
				}
				for i, u := range updates {
					if !slices.ContainsFunc(u, func(m protocol.Metric) bool {
						return m.Name == name
					}) {
						t.Errorf("update %d does not report %s", i, name)
					}
				}
			}
			if !needs.Has(objective.RefLogp) || m.Collect(v).Label != objective.InPairs {
				return
			}
			first, last := valueOf(updates[0], "train/margin_nats"),
				valueOf(updates[2], "train/margin_nats")
			if math.Abs(first) > 1e-5 || last <= first {
				t.Errorf("the margin is %v before the first update and %v before the last", first,
					last)
			}
		})
	}
}

// valueOf returns a metric's value, and NaN if it is not there.
func valueOf(metrics []protocol.Metric, name string) float64 {
	for _, m := range metrics {
		if m.Name == name {
			return m.Value
		}
	}
	return math.NaN()
}

// Self-play compares the demonstration of a prompt with each of the model's own answers, asks
// nobody for a label, and leaves out prompts without a demonstration.
func TestDemonstrationsAgainstOwnAnswers(t *testing.T) {
	lane := testLane(t, []string{"spin", "steps=2", "batch=8", "group=2", "demos=20"})
	s := session(t, lane, 1)
	collected(t, s, 0)
	kept := s.stage.collector.buffer.kept
	if len(kept) != 20 {
		t.Fatalf("there are pairs for %d prompts, want 20", len(kept))
	}
	for _, k := range kept {
		if len(k.group) != 4 {
			t.Fatalf("prompt %d has %d halves of pairs, want 4", k.prompt, len(k.group))
		}
		demo := s.stage.collector.demonstrate(k.prompt)
		for i, seq := range k.group {
			isDemo := i%2 == 0
			if (seq.Source == objective.Chosen) != isDemo || seq.Source == objective.Demo {
				t.Errorf("prompt %d: half %d is %v", k.prompt, i, seq.Source)
			}
			if isDemo && !slices.Equal(seq.Response, demo.Response) {
				t.Errorf("prompt %d: half %d is not the demonstration", k.prompt, i)
			}
		}
	}
	run(t, s)
	c := s.Cost()
	if c.Demonstrations != 20 || c.Labels != 0 || c.VerifierCalls != 0 {
		t.Errorf("it cost %d demonstrations, %d labels and %d verifier calls, want 20, 0 and 0",
			c.Demonstrations, c.Labels, c.VerifierCalls)
	}
}
