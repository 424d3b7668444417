package train

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
)

// What is told about tokens is what the update did to them: its factors make up the coefficient,
// the first group has all its tokens, and being asked leaves no trace.
func TestWeighed(t *testing.T) {
	weigh := protocol.Command{Kind: protocol.Explain, Samples: protocol.MaxLook}
	for _, m := range method.All() {
		unasked := session(t, laneOf(t, m), 1)
		want := run(t, unasked)
		s := session(t, laneOf(t, m), 1)
		if err := s.Do(weigh); err != nil {
			t.Fatal(err)
		}
		var rest []protocol.Event
		weighed := 0
		for !s.Idle() {
			events, err := s.Advance()
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				if e.Kind != protocol.Explained {
					rest = append(rest, e)
					continue
				}
				weighed++
				for i, sample := range e.Samples {
					checkWeighed(t, m.Name, sample, s.batch.coeffs[0][i])
				}
			}
		}
		if !reflect.DeepEqual(rest, want) || s.Weights().Digest() != unasked.Weights().Digest() ||
			s.Cost() != unasked.Cost() {
			t.Errorf("%s: a lane that is asked about its tokens goes another way", m.Name)
		}
		if weighed < 2 { // after 3 updates, and at the end
			t.Errorf("%s has told about its tokens %d times", m.Name, weighed)
		}
	}
}

func checkWeighed(t *testing.T, name string, s protocol.Sample, c objective.Coeff) {
	t.Helper()
	if tokens := len([]rune(s.Response)); len(s.Pushes) != len(s.Logp) || len(s.Pushes) < tokens ||
		s.Source == "" {
		t.Fatalf("%s: %q from %q has %d pushes", name, s.Response, s.Source, len(s.Pushes))
	}
	for k, p := range s.Pushes {
		product := (p.Mask*p.Ratio*p.Advantage+p.K3Term+p.Extra)*p.Share + p.Other
		if math.Abs(product-p.Coefficient) > 1e-14*(math.Abs(p.Coefficient)+math.Abs(p.Other)) {
			t.Errorf("%s: %+v makes %v", name, p, product)
		}
		if c.Dense == nil && p.Coefficient != c.Logp[k] {
			t.Errorf("%s: told %v, written %v", name, p.Coefficient, c.Logp[k])
		}
	}
}

// The reward of a sample is the verifier's everywhere. Where an update learned from another judge,
// its name and its opinion are told besides.
func TestWeighedNamesTheJudge(t *testing.T) {
	for judge, lane := range map[string]Lane{
		"": testLane(t, []string{"grpo", "steps=1", "batch=8"}),
		"reward model": testLane(t,
			[]string{"rlhf", "steps=1", "batch=8", "pairs=8", "steps_reward=1"}),
		"likeness to the expert's step": testLane(t, []string{"srl", "steps=1", "batch=8"}),
		"leaky verifier":                refusalLane(t, "true"),
	} {
		s := session(t, lane, 1)
		if err := s.Do(protocol.Command{Kind: protocol.Explain,
			Samples: protocol.MaxLook}); err != nil {
			t.Fatal(err)
		}
		weighed := 0
		for _, e := range run(t, s) {
			if e.Kind != protocol.Explained {
				continue
			}
			for _, sample := range e.Samples {
				weighed++
				p, err := lane.Task.Problem(sample.Prompt)
				if err != nil {
					t.Fatal(err)
				}
				want := 0.0
				if sample.Finished {
					want = lane.Task.Reward(p, sample.Response)
				}
				if sample.Judge != judge || sample.Reward != want ||
					sample.Mark != lane.Task.Mark(p, want) || judge == "" && sample.Judged != 0 {
					t.Errorf("%s%s: %q judges %v, the verifier %v (%s); want %q and %v",
						sample.Prompt, sample.Response, sample.Judge, sample.Judged, sample.Reward,
						sample.Mark, judge, want)
				}
			}
		}
		if weighed == 0 {
			t.Errorf("nothing was weighed with %q", judge)
		}
	}
}

func TestWeighRefusesWhatCannotBe(t *testing.T) {
	s := session(t, testLane(t, []string{"sft", "steps=1"}), 1)
	for want, c := range map[string]protocol.Command{
		"prompt is -1, want at least 0": {Prompt: -1, Samples: 1},
		"samples is 0, want 1 to 256":   {},
		"samples is 257, want 1 to 256": {Samples: 257},
	} {
		c.Kind = protocol.Explain
		if err := s.Do(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %s", c, err, want)
		}
	}
}
