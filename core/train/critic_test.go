package train

import (
	"bytes"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/protocol"
)

// ppoLane returns a short lane of ppo.
func ppoLane(t *testing.T, settings ...string) Lane {
	return testLane(t, append([]string{"ppo", "steps=4", "batch=8", "lr=0.01"}, settings...))
}

func metric(t *testing.T, e protocol.Event, name string) float64 {
	t.Helper()
	for _, m := range e.Metrics {
		if m.Name == name {
			return m.Value
		}
	}
	t.Fatalf("no %s in %+v", name, e.Metrics)
	return 0
}

// Where nearly every answer earns 1, a critic that starts by saying 0 comes to say so. In 40
// updates at this rate AdamW could move each weight by 0.4; being within a tenth takes less.
func TestTheCriticLearnsWhatIsEarned(t *testing.T) {
	stage := func(name string, settings map[string]string) Lane {
		m, err := method.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		return stopLane(m, settings)
	}
	lane := stage("sft", map[string]string{"steps": "60", "batch": "6", "lr": "0.03"})
	lane.Stages = append(lane.Stages,
		stage("ppo", map[string]string{"steps": "40", "batch": "6", "lr_value": "0.01",
			"beta": "0"}).Stages...)
	var errors []float64
	for _, e := range run(t, session(t, lane, 1)) {
		if e.Kind == protocol.Updated && e.Stage == 1 {
			errors = append(errors, metric(t, e, "train/value_error"))
		}
	}
	if first, last := errors[0], errors[len(errors)-1]; first < 0.9 || last > 0.1 {
		t.Errorf("the critic is off by %v before its first update and by %v at the end", first,
			last)
	}
}

// Until the critic has spoken of a second batch, it has no say in what the policy learns: its first
// word is 0.
func TestTheCriticSpeaksWithTheSecondBatch(t *testing.T) {
	digest := func(settings ...string) string {
		s := session(t, ppoLane(t, settings...), 1)
		run(t, s)
		return s.Weights().Digest()
	}
	if digest("epochs=4", "lr_value=0.001") != digest("epochs=4", "lr_value=0.01") {
		t.Error("with one batch, the critic's rate changes the policy")
	}
	if digest("epochs=2", "lr_value=0.001") == digest("epochs=2", "lr_value=0.01") {
		t.Error("with two batches, the critic's rate does not matter")
	}
}

// During the warm-up of the critic the policy stays what it is, and the critic learns. What it has
// learned then counts in the first update of the policy.
func TestTheCriticWarmsUp(t *testing.T) {
	lane := testLane(t, []string{"vapo", "steps=6", "batch=8", "lr=0.01", "epochs=2",
		"value_warmup=4"})
	s := session(t, lane, 1)
	start, untaught := s.Weights().Digest(), s.stage.critic.network.Digest()
	for want := 1; want <= 6; want++ {
		advanceBy(t, s, want-s.Updates())
		for s.Updates() < want {
			advance(t, s, 1)
		}
		if moved := s.Weights().Digest() != start; moved != (s.Updates() > 4) {
			t.Errorf("after %d updates the policy has moved: %v", s.Updates(), moved)
		}
		if s.stage.critic.network.Digest() == untaught {
			t.Errorf("after %d updates the critic has not moved", s.Updates())
		}
	}
	digest := func(settings ...string) string {
		s := session(t, testLane(t, append([]string{"vapo", "steps=3", "batch=8", "lr=0.01",
			"epochs=1", "value_warmup=2"}, settings...)), 1)
		run(t, s)
		return s.Weights().Digest()
	}
	if digest("lr_value=0.001") == digest("lr_value=0.01") {
		t.Error("what the critic has learned before does not matter in the first update")
	}
}

// A state without its critic, or with one that is damaged, is refused with a sentence that names
// it, and the session that refused it is as good as new.
func TestRestoreRefusesForeignCritics(t *testing.T) {
	lane := ppoLane(t, "epochs=2")
	s := session(t, lane, 1)
	for !s.Resumable() || s.Updates() < 2 {
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	for name, change := range map[string]func(*State){
		"missing": func(s *State) { s.Critic = nil },
		"weights": func(s *State) { s.Critic.Weights = s.Critic.Weights[4:] },
		"whole":   func(s *State) { s.Critic.Weights = s.Weights },
		"m":       func(s *State) { s.Critic.M = nil },
		"v":       func(s *State) { s.Critic.V = append(s.Critic.V, 0) },
		"moments": func(s *State) { s.Critic.Moments = -1 },
	} {
		state := s.State()
		change(state)
		fresh := session(t, lane, 1)
		before := *fresh.State().Critic
		if err := fresh.Restore(state); err == nil || !strings.HasPrefix(err.Error(), "critic ") {
			t.Errorf("%s: %v", name, err)
		}
		if after := fresh.State().Critic; fresh.Updates() != 0 ||
			!bytes.Equal(before.Weights, after.Weights) {
			t.Errorf("%s: the session that refused is another", name)
		}
	}
	sft := testLane(t, []string{"sft", "steps=3"})
	state := session(t, sft, 1).State()
	state.Critic = s.State().Critic
	if err := session(t, sft, 1).Restore(state); err == nil {
		t.Error("a critic was accepted that nobody asked for")
	}
}
