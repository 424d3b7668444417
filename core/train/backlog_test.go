package train

import (
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// Unsolved prompts wait in the order in which they came; as soon as a batch of them waits, they are
// demonstrated, and nothing is sampled.
func TestUnsolvedPromptsWaitTheirTurn(t *testing.T) {
	const size = 6
	s := session(t, testLane(t, []string{"relift", "steps=12", "batch=6", "group=40", "lr=0.001"}),
		1)
	var queue []string
	turns := 0
	for step := range 12 {
		before := s.Cost()
		collected(t, s, step)
		demonstrated := len(queue) >= size
		if calls := s.Cost().VerifierCalls - before.VerifierCalls; len(s.batch.groups) != size ||
			(calls == 0) != demonstrated {
			t.Fatalf("step %d: %d groups and %d verifier calls while %d prompts wait", step,
				len(s.batch.groups), calls, len(queue))
		}
		if demonstrated {
			turns++
			if got := prompted(s.batch.groups); !slices.Equal(got, queue[:size]) {
				t.Errorf("step %d: %v are demonstrated, %v wait", step, got, queue)
			}
			queue = queue[size:]
		}
		for _, group := range s.batch.groups {
			right := slices.ContainsFunc(group,
				func(seq *rollout.Sequence) bool { return seq.Reward >= 1 })
			switch {
			case demonstrated && (len(group) != 1 || group[0].Source != objective.Demo):
				t.Errorf("step %d: a group of %d %vs when demonstrations are due", step, len(group),
					group[0].Source)
			case !demonstrated && !right:
				queue = append(queue, group[0].Problem.Prompt)
			}
		}
		if len(queue) != len(s.stage.collector.waiting.prompts) {
			t.Errorf("step %d: %d prompts wait, want %d", step,
				len(s.stage.collector.waiting.prompts), len(queue))
		}
	}
	if got := s.Cost().Demonstrations; turns < 2 || turns > 6 || got != turns*size {
		t.Errorf("%d demonstrations were paid for in %d batches of %d", got, turns, size)
	}
}

// prompted lists the groups' prompts.
func prompted(groups []rollout.Group) (all []string) {
	for _, group := range groups {
		all = append(all, group[0].Problem.Prompt)
	}
	return all
}
