package train

import (
	"reflect"
	"testing"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/protocol"
)

// A lane that is asked about its weights tells of every matrix at once, after every measurement and
// at its end, and goes the same way as one that is not.
func TestCompared(t *testing.T) {
	for _, settings := range [][]string{{"sft", "steps=3"}, {"grpo", "steps=3", "rank=2"}} {
		unasked := session(t, testLane(t, settings), 1)
		want := run(t, unasked)
		s := session(t, testLane(t, settings), 1)
		if err := s.Do(protocol.Command{Kind: protocol.Compare}); err != nil {
			t.Fatal(err)
		}
		var rest, told []protocol.Event
		for !s.Idle() {
			events, err := s.Advance()
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				if e.Kind == protocol.Compared {
					told = append(told, e)
				} else {
					rest = append(rest, e)
				}
			}
		}
		if !reflect.DeepEqual(rest, want) || s.Weights().Digest() != unasked.Weights().Digest() {
			t.Errorf("%v: a lane that is asked about its weights goes another way", settings)
		}
		if len(told) < 3 || told[0].Step != 0 || told[0].Matrices[0].Norm != 0 ||
			told[0].Matrices[0].Unchanged != 1 {
			t.Fatalf("%v: told %+v", settings, told)
		}
		if last := told[len(told)-1]; !reflect.DeepEqual(last.Matrices,
			eval.Matrices(s.lane.Base, s.Weights())) {
			t.Errorf("%v: at the end it tells of %+v", settings, last)
		}
	}
}
