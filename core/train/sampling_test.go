package train

import (
	"testing"

	"github.com/posttrain/posttrain/core/eval"
)

// No unit of work samples more than the decoder takes at a time, and one row's group: neither the
// answers to all training prompts, nor pairs for a reward model, nor a large batch.
func TestUnitsOfWorkAreShort(t *testing.T) {
	for _, settings := range [][]string{
		{"rft", "steps=1", "batch=8", "group=4"}, // 500 prompts
		{"dpo", "steps=1", "batch=8", "group=7"},
		{"rlhf", "steps=1", "batch=100", "group=8", "pairs=300", "steps_reward=2"},
		{"grpo", "steps=1", "batch=40", "group=50"},
		{"remax", "steps=1", "batch=200", "group=4"},
	} {
		s, units := session(t, testLane(t, settings), 1), 0
		s.target = 0
		for s.phase < collecting {
			advance(t, s, 1)
		}
		s.target = 1
		rows := s.stage.collector.responder.sampler.Rows()
		for s.phase == collecting {
			sampled := s.ledger.TokensGenerated
			if s.Resumable() != (units == 0 || !s.stage.collector.underway()) {
				t.Errorf("%v: after %d units of a batch a state may be taken: %v", settings, units,
					s.Resumable())
			}
			advance(t, s, 1)
			units++
			if more := s.ledger.TokensGenerated - sampled; more > rows*s.lane.Task.MaxResponse {
				t.Errorf("%v: one unit of work samples %d tokens", settings, more)
			}
		}
		least := s.ledger.TokensGenerated / (rows * s.lane.Task.MaxResponse)
		if units <= least || units < 3 {
			t.Errorf("%v: %d units of work sample %d tokens", settings, units,
				s.ledger.Cost.TokensGenerated)
		}
	}
}

// A level is measured some prompts at a time, and its matrices are compared one by one. In between
// no state is taken, and whoever looks at a prompt meanwhile is served at once.
func TestMeasuringIsDoneInParts(t *testing.T) {
	lane := testLane(t, []string{"sft", "steps=1", "batch=8"})
	lane.EvalPrompts = 200
	s := session(t, lane, 1)
	units := map[bool]int{} // before the end and at it
	for !s.Done() {
		if s.current != nil && s.Resumable() {
			t.Fatal("a state may be taken halfway through a level")
		}
		if s.phase == measuring && s.level == 0 {
			units[s.atEnd()]++
		}
		advance(t, s, 1)
	}
	matrices := len(eval.Matrices(lane.Base, s.Weights()))
	// Of 64 prompts each: the policy's responses, at first the base's too, which are the same; what
	// the policy says of the latter, in 128; then the base of 64.
	if first, last := 4+1+2+1, 4+2+1+matrices; units[false] != first || units[true] != last {
		t.Errorf("the first level is measured in %v parts, want %d at first and %d in the end",
			units, first, last)
	}
}
