package train

import (
	"reflect"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
)

func passed(metrics []protocol.Metric) (names []string) {
	for _, m := range metrics {
		if strings.Contains(m.Name, "/pass_at_") {
			names = append(names, m.Name)
		}
	}
	return names
}

// pass@k is taken in the first and the last measurement and in none between, on any number of
// threads, and whoever resumes finds the same; training goes the way it goes without.
func TestPassesAtBothEnds(t *testing.T) {
	lane := testLane(t, []string{"grpo", "steps=7", "batch=4", "group=4", "lr=0.01"})
	plain := session(t, lane, 1)
	run(t, plain)
	lane.FirstAnswers, lane.LastAnswers = 5, 9
	resumable(t, lane)
	s := session(t, lane, 1)
	events := run(t, s)
	if s.Weights().Digest() != plain.Weights().Digest() || s.Cost() != plain.Cost() {
		t.Error("with pass@k the lane ends elsewhere, or costs something else")
	}
	if got := run(t, session(t, lane, 3)); !reflect.DeepEqual(got, events) {
		t.Error("events on 3 threads differ from those on one")
	}
	const levels = 2 // id and ood
	at := map[int]int{}
	for _, e := range events {
		if e.Kind == protocol.Measured {
			at[e.Step] += len(passed(e.Metrics))
		}
	}
	// 1, 2, 4, 8
	if want := map[int]int{0: 3 * levels, 3: 0, 6: 0, 7: 4 * levels}; !reflect.DeepEqual(at, want) {
		t.Errorf("numbers of pass@k by step: %v, want %v", at, want)
	}
	if end := events[len(events)-1]; end.Kind != protocol.Finished ||
		len(passed(end.Metrics)) != 4*levels {
		t.Errorf("the end is told as %+v", end)
	}
	if len(passed(s.First())) != 3*levels || len(passed(s.Metrics())) != 4*levels ||
		len(s.First()) >= len(s.Metrics()) {
		t.Errorf("kept of the base %v, of the end %v", s.First(), s.Metrics())
	}
	resumed := session(t, lane, 1)
	if err := resumed.Restore(roundTrip(t, s.State())); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(resumed.First(), s.First()) ||
		!reflect.DeepEqual(resumed.Metrics(), s.Metrics()) {
		t.Error("a checkpoint of the end has lost measurements")
	}
}

// A measurement that is asked for before the first update is not the first one again.
func TestMeasuringTheBaseAgainTakesNoAnswers(t *testing.T) {
	lane := testLane(t, []string{"sft", "steps=2", "batch=4"})
	lane.FirstAnswers = 4
	s := session(t, lane, 1)
	for s.phase <= passAtK {
		advance(t, s, 1)
	}
	if err := s.Do(protocol.Command{Kind: protocol.Measure}); err != nil {
		t.Fatal(err)
	}
	for s.phase <= passAtK {
		for _, e := range advance(t, s, 1) {
			if len(passed(e.Metrics)) > 0 {
				t.Errorf("measured again: %+v", e)
			}
		}
	}
	if len(passed(s.First())) == 0 {
		t.Error("the first measurement was forgotten")
	}
}

// What a caller does with a returned measurement changes neither the session nor its State.
func TestCallersCannotChangeMeasurements(t *testing.T) {
	s := session(t, testLane(t, []string{"sft", "steps=2", "batch=4"}), 1)
	events := run(t, s)
	state, want := s.State(), s.State()
	for _, metrics := range [][]protocol.Metric{
		s.First(), s.Metrics(), events[len(events)-1].Metrics, state.First, state.Latest,
	} {
		for i := range metrics {
			metrics[i].Value = -1
		}
	}
	if got := s.State(); !reflect.DeepEqual(got, want) {
		t.Errorf("the session has %v and %v, want %v and %v", got.First, got.Latest, want.First,
			want.Latest)
	}
}
