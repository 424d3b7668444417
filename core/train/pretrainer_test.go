package train

import (
	"slices"
	"strings"
	"testing"
)

// A pretraining that another one restores goes on to the same weights, on any number of threads.
func TestAPretrainingGoesOn(t *testing.T) {
	p := pretrainingOf(t, "cards", map[string]string{"steps": "6", "batch": "3", "warmup": "2"})
	want, err := p.Run(1, func(int, float64) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	before := p.Start(1)
	for !before.Done() {
		if _, err := before.Advance(); err != nil {
			t.Fatal(err)
		}
		after := p.Start(3)
		if err := after.Restore(before.State()); err != nil {
			t.Fatal(err)
		}
		for !after.Done() {
			if _, err := after.Advance(); err != nil {
				t.Fatal(err)
			}
		}
		if after.Base().Digest() != want.Digest() {
			t.Errorf("restored after step %d it ends with other weights", before.Steps())
		}
	}
}

// A state that cannot be the pretraining's is refused and changes nothing.
func TestAPretrainingRefusesOtherStates(t *testing.T) {
	p := pretrainingOf(t, "cards", map[string]string{"steps": "2", "batch": "1"})
	s := p.Start(1)
	for says, change := range map[string]func(s *PretrainingState){
		"m has ":           func(s *PretrainingState) { s.M = s.M[1:] },
		"weights has ":     func(s *PretrainingState) { s.Weights = nil },
		"steps is -1":      func(s *PretrainingState) { s.Steps = -1 },
		"made 3 updates":   func(s *PretrainingState) { s.Steps = 3 },
		"its model has 18": func(s *PretrainingState) { s.Config.Context++ },
	} {
		before, state := slices.Clone(s.params.Data), *s.State()
		change(&state)
		if err := s.Restore(&state); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", says, err)
		}
		if !slices.Equal(before, s.params.Data) || s.Steps() != 0 {
			t.Errorf("%q: the pretraining has changed", says)
		}
	}
}
