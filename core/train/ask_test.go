package train

import (
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
)

// A lane answers somebody's own prompt now and after every measurement, judged where the verifier
// can, and ends with the same bits.
func TestAskingLeavesNoTrace(t *testing.T) {
	lane := testLane(t, []string{"grpo", "steps=5", "batch=4", "lr=0.01"})
	plain, asked := session(t, lane, 1), session(t, lane, 1)
	run(t, plain)
	var answers []protocol.Event
	follow := func() {
		for !asked.Idle() {
			events, err := asked.Advance()
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				if e.Kind == protocol.Asked {
					answers = append(answers, e)
				}
			}
		}
	}
	for _, text := range []string{"AK234=", "AK="} {
		if err := asked.Do(protocol.Command{Kind: protocol.Ask, Text: text,
			Samples: 4}); err != nil {
			t.Fatal(err)
		}
		follow()
	}
	if asked.Weights().Digest() != plain.Weights().Digest() || asked.Cost() != plain.Cost() {
		t.Error("a lane that was asked something ended elsewhere")
	}
	if len(answers) < 3 || answers[0].Step != 0 || answers[len(answers)-2].Step != 5 {
		t.Fatalf("answers are %+v", answers)
	}
	for i, e := range answers {
		want := protocol.Sample{Level: "id", Prompt: "AK234="}
		if i == len(answers)-1 {
			want = protocol.Sample{Prompt: "AK="}
		}
		if len(e.Samples) != 4 {
			t.Fatalf("%+v: want 4 samples", e)
		}
		for _, s := range e.Samples {
			if s.Level != want.Level || s.Prompt != want.Prompt {
				t.Errorf("%+v, want %+v", s, want)
			}
			if right := s.Finished && strings.HasSuffix(s.Response, "9"); want.Level != "" &&
				right != (s.Reward == 1) {
				t.Errorf("%+v is judged wrongly", s)
			}
		}
	}
	for _, c := range []protocol.Command{{Text: "AK234="},
		{Text: "AK234=", Samples: protocol.MaxLook + 1}, {Samples: 1}, {Text: "hello",
			Samples: 1}, {Text: strings.Repeat("A", 100), Samples: 1}} {
		c.Kind = protocol.Ask
		if err := asked.Do(c); err == nil {
			t.Errorf("command %+v was obeyed", c)
		}
	}
}
