package train

import (
	"reflect"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/task"
)

// Every method trains adapters as well as weights: on any number of threads, interrupted in the
// middle of its stage.
func TestEveryMethodTrainsAdapters(t *testing.T) {
	for _, m := range method.All() {
		lane := testLane(t, []string{m.Name, "steps=4", "batch=8", "lr=0.01", "rank=4"})
		// fresh weights earn something
		lane.Task.Reward = func(_ task.Problem, response string) float64 {
			return float64(len(response) % 2)
		}
		whole := session(t, lane, 1)
		want := run(t, whole)
		s, resumed := session(t, lane, 3), session(t, lane, 2)
		got := want[:0:0]
		for s.Updates() < 2 || !s.Resumable() {
			events, err := s.Advance()
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, events...)
		}
		if err := resumed.Restore(roundTrip(t, s.State())); err != nil {
			t.Fatalf("%s: %v", m.Name, err)
		}
		if got = append(got, run(t, resumed)...); !reflect.DeepEqual(got, want) ||
			resumed.Weights().Digest() != whole.Weights().Digest() {
			t.Errorf("%s: resumed on other threads, it differs from the whole run", m.Name)
		}
		if whole.Weights().Digest() == lane.Base.Digest() {
			t.Errorf("%s has not moved", m.Name)
		}
	}
}

// Adapters move the matrices of the layers and nothing else, and the next stage starts from what
// they were merged into.
func TestAdaptersLeaveTheRestAlone(t *testing.T) {
	lane := testLane(t, []string{"sft", "steps=3", "batch=8", "lr=0.01", "rank=2", "decay=0.1"},
		[]string{"sft", "steps=1", "batch=8", "rank=3"})
	s := session(t, lane, 1)
	for s.stage.number == 0 {
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	if s.stage.start.Digest() != s.Weights().Digest() ||
		s.stage.start.Digest() == lane.Base.Digest() || s.stage.adapters.Rank != 3 {
		t.Error("the second stage does not start from the merged weights with adapters of its own")
	}
	run(t, s)
	base := lane.Base.Blocks()
	for i, b := range s.Weights().Blocks() {
		matrix := strings.HasPrefix(b.Name, "layers.") && b.Rows > 1
		if moved := !reflect.DeepEqual(b.Data, base[i].Data); moved != matrix {
			t.Errorf("%s has moved: %v", b.Name, moved)
		}
	}
}

// The ledger counts what LoRA needs, and an anchor pulls the merged weights.
func TestAdaptersAreCheaperAndCanBeAnchored(t *testing.T) {
	end := func(settings ...string) *Session {
		s := session(t, testLane(t,
			append([]string{"sft", "steps=6", "batch=8", "lr=0.01"}, settings...)), 1)
		run(t, s)
		return s
	}
	all, low := end(), end("rank=1")
	if a, b := all.Cost(), low.Cost(); !(b.FLOPs < a.FLOPs && b.FLOPs > a.FLOPs*2/3) ||
		a.TokensTrained != b.TokensTrained {
		t.Errorf("every weight costs %+v, a rank of 1 costs %+v", a, b)
	}
	base := testLane(t, []string{"sft"}).Base.Data
	if free, held := distance(low.Weights().Data,
		base), distance(end("rank=1", "anchor=10").Weights().Data, base); held >= free {
		t.Errorf("anchored adapters go %v, free ones %v", held, free)
	}
}
