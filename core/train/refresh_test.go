package train

import (
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// ending returns the digest of the weights that a lane of one stage ends with.
func ending(t *testing.T, name string, settings ...string) string {
	t.Helper()
	s := session(t, testLane(t,
		append([]string{name, "steps=5", "batch=8", "lr=0.01"}, settings...)), 2)
	run(t, s)
	return s.Weights().Digest()
}

// Held to itself, the policy is free: with a fresh reference model at every update there is no pull
// to the bit. A reference model that is refreshed later than the stage ends is its start, and one
// that is refreshed sooner is another.
func TestRefreshByItsEnds(t *testing.T) {
	free, held := ending(t, "grpo", "beta=0"), ending(t, "grpo", "beta=0.5")
	for _, c := range []struct {
		refresh string
		want    string
	}{{"1", free}, {"5", held}, {"6", held}, {"0", held}} {
		if got := ending(t, "grpo", "beta=0.5", "refresh="+c.refresh); got != c.want {
			t.Errorf("refresh=%s ends elsewhere", c.refresh)
		}
	}
	if got := ending(t, "grpo", "beta=0.5", "refresh=2"); got == free || got == held {
		t.Error("refresh=2 changes nothing")
	}
}

// Whatever the reference model is, an anchor and a blend mean the start of the stage, and so does
// what was sampled before it.
func TestRefreshLeavesTheStartAlone(t *testing.T) {
	lane := testLane(t, []string{"sft_kl", "steps=5", "batch=8", "lr=0.01", "refresh=2", "blend=1"})
	s := session(t, lane, 1)
	run(t, s)
	if s.Weights().Digest() != lane.Base.Digest() {
		t.Error("a blend of 1 does not give the start back")
	}
	anchored := session(t, testLane(t,
		[]string{"sft_kl", "steps=5", "batch=8", "lr=0.01", "beta=0", "refresh=2",
			"anchor=0.5"}), 1)
	run(t, anchored)
	if anchored.Weights().Digest() != ending(t, "sft_kl", "beta=0", "anchor=0.5") {
		t.Error("the anchor moves with the reference model")
	}
}

// It is offered to whatever reads a reference model, and there it changes where training goes.
func TestRefreshIsOfferedWhereItActs(t *testing.T) {
	for _, m := range method.All() {
		settings := []string{"steps=4", "batch=8", "lr=0.01"}
		if m.Defaults().Has("beta") {
			settings = append(settings, "beta=0.5")
		}
		// several batches, some of them with rewards
		for name, text := range map[string]string{"epochs": "1", "turn": "3", "sft_steps": "1",
			"gamma": "1"} {
			if m.Defaults().Has(name) {
				settings = append(settings, name+"="+text)
			}
		}
		plain := testLane(t, append([]string{m.Name}, settings...))
		reads := m.Build(plain.Stages[0].Values).Needs()&(objective.RefLogp|objective.RefDist) != 0
		if got := param.Defaults(MethodKnobs(m)).Has("refresh"); got != reads {
			t.Errorf("%s: refresh is offered: %v, and it reads a reference model: %v", m.Name, got,
				reads)
		}
		if !reads {
			continue
		}
		fixed, refreshed := session(t, plain, 2), session(t,
			testLane(t, append([]string{m.Name, "refresh=1"}, settings...)), 2)
		run(t, fixed)
		run(t, refreshed)
		if fixed.Weights().Digest() == refreshed.Weights().Digest() {
			t.Errorf("%s: refresh changes nothing", m.Name)
		}
	}
}

func TestRefreshLeavesNoTrace(t *testing.T) {
	for _, lane := range []Lane{
		testLane(t, []string{"grpo", "steps=7", "batch=8", "lr=0.01", "beta=0.5", "epochs=2",
			"refresh=3"}, []string{"sft_kl", "steps=3", "batch=8", "refresh=2"}),
		testLane(t, []string{"dpo", "steps=5", "batch=8", "lr=0.01", "refresh=2"}),
		testLane(t, []string{"ppo", "steps=5", "batch=8", "lr=0.01", "kl=exact", "refresh=2"}),
		testLane(t, []string{"dapo", "steps=5", "batch=8", "lr=0.01", "beta=0.5", "kl=reward",
			"rank=2", "refresh=2"}),
	} {
		leavesNoTrace(t, lane)
	}
}

// A state that says otherwise than its stage whether the reference model is the start is refused.
func TestRestoreChecksTheReference(t *testing.T) {
	lane := testLane(t, []string{"sft_kl", "steps=4", "batch=8", "refresh=2"})
	s := session(t, lane, 1)
	for s.Updates() < 3 || !s.Resumable() {
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	state := s.State()
	plain := testLane(t, []string{"sft_kl", "steps=4", "batch=8"})
	if err := session(t, plain, 1).Restore(state); err == nil {
		t.Error("a reference model is taken by a stage that refreshes none")
	}
	state.Reference = nil
	if err := session(t, lane, 1).Restore(state); err == nil {
		t.Error("nobody misses the reference model")
	}
}
