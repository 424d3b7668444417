package train

import (
	"testing"

	"github.com/posttrain/posttrain/core/method"
)

// Every method trains on somebody's own prompts, be there one or a few, and goes on from a
// checkpoint with the same bits.
func TestOwnPrompts(t *testing.T) {
	for _, text := range []string{"A1234=,0\n", "A1234=,1360\nB0KQ1=,\nS4210=,0124\nA2345=,4\n"} {
		cards := testLane(t, []string{"sft"}).Task
		d, err := cards.ReadData("mine.csv", "prompt,answer\n"+text)
		if err != nil {
			t.Fatal(err)
		}
		mine := cards.With(d)
		for _, m := range method.All() {
			lane := testLane(t, []string{m.Name, "steps=2", "batch=3"})
			lane.Task = mine
			s := session(t, lane, 1)
			run(t, s)
			if s.Updates() != 2 {
				t.Errorf("method %s made %d updates", m.Name, s.Updates())
			}
			half := session(t, lane, 1)
			for half.Updates() < 1 || !half.Resumable() {
				if _, err := half.Advance(); err != nil {
					t.Fatal(err)
				}
			}
			resumed := session(t, lane, 1)
			if err := resumed.Restore(half.State()); err != nil {
				t.Fatalf("method %s: %v", m.Name, err)
			}
			run(t, resumed)
			if resumed.Weights().Digest() != s.Weights().Digest() {
				t.Errorf("method %s: a resumed run on own prompts ended elsewhere", m.Name)
			}
		}
	}
}

// What is trained on is what was brought, and the expert writes what it says.
func TestOwnPromptsAreTrainedOn(t *testing.T) {
	lane := testLane(t, []string{"sft", "steps=1", "batch=2"})
	one, other := lane.Task.TrainPrompts(1, 1)[0], lane.Task.ReplayPrompts(1, 1)[0]
	d, err := lane.Task.ReadData("mine.csv",
		"prompt,answer\n"+one.Prompt+",99"+one.Answer+"\n"+other.Prompt+",\n")
	if err != nil {
		t.Fatal(err)
	}
	lane.Task = lane.Task.With(d)
	s := session(t, lane, 1)
	for s.phase != updating {
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	responses := map[string]string{}
	for _, seq := range s.batch.flat {
		text, _ := lane.Task.Decode(seq.Response)
		responses[seq.Problem.Prompt] = text
	}
	if len(responses) != 2 || responses[one.Prompt] != "99"+one.Answer ||
		responses[other.Prompt] != other.Answer {
		t.Errorf("trained on %v", responses)
	}
}
