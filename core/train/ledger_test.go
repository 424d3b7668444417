package train

import (
	"slices"
	"testing"
)

// A demonstration is charged once, whatever asks for it: the batch, a hint, or the importance of
// weights, which looks at 128 of the prior skill.
func TestDemonstrationsAreChargedOnce(t *testing.T) {
	for _, c := range []struct {
		chain [][]string
		want  int
	}{
		{[][]string{{"sft", "batch=4", "steps=1"}}, 4},
		{[][]string{{"sft", "batch=4", "steps=1", "ewc=1"}}, 4 + 128},
		{[][]string{{"uft", "batch=4", "steps=1", "ewc=1"}}, 4 + 128},
		{[][]string{{"sft_replay", "batch=4", "steps=1", "replay=0.5", "ewc=1"}}, 4 + 128},
		{[][]string{{"sft", "batch=8", "steps=2", "demos=4"},
			{"sft", "batch=8", "steps=2", "demos=4"}}, 4},
	} {
		lane := testLane(t, c.chain...)
		s := session(t, lane, 1)
		run(t, s)
		if got := s.Cost().Demonstrations; got != c.want {
			t.Errorf("%q: %d demonstrations, want %d", c.chain, got, c.want)
		}
	}
}

// Two stages that imitate different prompts are charged for the demonstrations of both.
func TestStagesShareTheirDemonstrations(t *testing.T) {
	s := session(t, testLane(t, []string{"sft", "batch=4", "steps=2"},
		[]string{"sft", "batch=4", "steps=2"}), 1)
	run(t, s)
	of := streams{s.lane.Seed, s.lane.Task.Name, 0}
	met := of.order(len(s.prompts), 0, 8)
	of.stage = 1
	met = append(met, of.order(len(s.prompts), 0, 8)...)
	slices.Sort(met)
	if want := len(slices.Compact(met)); s.Cost().Demonstrations != want {
		t.Errorf("%d demonstrations, want %d", s.Cost().Demonstrations, want)
	}
}

// A State that does not list its demonstrations keeps their number.
func TestALedgerKeepsANumberWithoutAList(t *testing.T) {
	lane := testLane(t, []string{"sft", "batch=4", "steps=6"})
	s := session(t, lane, 1)
	for s.Updates() < 3 || !s.Resumable() {
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	state := s.State()
	state.Demonstrated = nil
	again := session(t, lane, 1)
	if err := again.Restore(state); err != nil {
		t.Fatal(err)
	}
	if got := again.Cost().Demonstrations; got != 12 {
		t.Errorf("%d demonstrations, want the 12 of the state", got)
	}
}
