package train

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// judgedLane returns a lane of rlhf on 40 pairs, of which a person has labelled some.
func judgedLane(t *testing.T, labels string) Lane {
	t.Helper()
	return testLane(t, []string{"rlhf", "steps=3", "batch=8", "lr=0.01", "length_bias=0.2",
		"pairs=40", "judged=" + labels})
}

// reported returns the answer to a command of a lane, which is advanced until it comes.
func reported(t *testing.T, s *Session, kind protocol.CommandKind, samples int) protocol.Event {
	t.Helper()
	if err := s.Do(protocol.Command{Kind: kind, Samples: samples}); err != nil {
		t.Fatal(err)
	}
	for !s.Idle() {
		events, err := s.Advance()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if e.Kind == protocol.EventKind(kind) {
				return e
			}
		}
	}
	t.Fatalf("command %s was not answered", kind)
	return protocol.Event{}
}

// The reward model learns from the pairs that Pair reports: as the person labelled them, ties too,
// and as the simulated annotator labels them where the person did not. Every pair costs a label.
func TestAPersonsLabelsTakeThePlaceOfSimulatedOnes(t *testing.T) {
	const labels = "ab-bbaaab-ab"
	s := session(t, judgedLane(t, labels), 1)
	pairs := reported(t, s, protocol.Pair, 40).Pairs
	for s.stage.collector.rewards.pairs == nil {
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	worth := func(a protocol.Sample) float64 { // to the simulated annotator
		length := float64(len(a.Symbols()))
		if a.Finished {
			length++
		}
		return a.Reward + float64(0.2*length)
	}
	var want [][2]string
	ties, against := 0, 0
	for i, p := range pairs {
		first, second := worth(p.First), worth(p.Second)
		swap := second > first
		if i < len(labels) && labels[i] != '-' {
			if first == second {
				ties++
			} else if swap != (labels[i] == 'b') {
				against++
			}
			swap = labels[i] == 'b'
		} else if first == second {
			continue
		}
		if swap {
			p.First, p.Second = p.Second, p.First
		}
		want = append(want, [2]string{p.First.Response, p.Second.Response})
	}
	if against == 0 {
		t.Error("the person agrees with the simulated annotator, so this shows nothing")
	}
	text := func(seq *rollout.Sequence) string {
		out, _ := s.lane.Task.Decode(seq.Response[:len(seq.Response)-1])
		return out
	}
	var got [][2]string
	for _, p := range s.stage.collector.rewards.pairs {
		got = append(got, [2]string{text(p[0]), text(p[1])})
	}
	if !slices.Equal(got, want) {
		t.Errorf("chosen and rejected responses are\n%q, want\n%q", got, want)
	}
	if cost := s.Cost(); cost.Labels != 40 {
		t.Errorf("%d labels are charged, want 40", cost.Labels)
	}
	if e := Estimate(s.stage.Method, s.stage.Values); e.RewardModels.Pairs != 40 {
		t.Errorf("the estimate has %d labels, want 40", e.RewardModels.Pairs)
	}
}

// A lane that is asked for its pairs, before and after its reward model is trained, ends with the
// same bits and cost, at any number of threads and after a restart.
func TestReportingPairsLeavesNoTrace(t *testing.T) {
	lane := judgedLane(t, "abba-a")
	plain := session(t, lane, 1)
	run(t, plain)
	var answers []protocol.Event
	for _, threads := range []int{1, 3} {
		s := session(t, lane, threads)
		before := reported(t, s, protocol.Pair, 6)
		after := reported(t, s, protocol.Examine, 6)
		if len(before.Pairs) != 6 || len(after.Pairs) != 6 || len(after.Fresh) != lane.EvalPrompts {
			t.Fatalf("%d and %d pairs and %d to held-out prompts are reported", len(before.Pairs),
				len(after.Pairs), len(after.Fresh))
		}
		advanceBy(t, s, 1)
		restored := session(t, lane, threads)
		if err := restored.Restore(roundTrip(t, s.State())); err != nil {
			t.Fatal(err)
		}
		again := reported(t, restored, protocol.Examine, 6)
		if !reflect.DeepEqual(again.Pairs, after.Pairs) ||
			!reflect.DeepEqual(again.Fresh, after.Fresh) {
			t.Error("after a restart other pairs or scores are reported")
		}
		for _, end := range []*Session{s, restored} {
			run(t, end)
			if end.Digest() != plain.Digest() || end.Cost() != plain.Cost() {
				t.Errorf("with %d threads a lane that reported pairs ended elsewhere", threads)
			}
		}
		answers = append(answers, before, after)
	}
	if !reflect.DeepEqual(answers[:2], answers[2:]) {
		t.Error("the answers depend on the number of threads")
	}
	other := session(t, judgedLane(t, ""), 1)
	if run(t, other); other.Digest() == plain.Digest() {
		t.Error("a person's labels change nothing")
	}
}

// What is reported beside a pair is right: the verifier's rewards, and the scores by which the
// reward model judges such responses.
func TestReportedPairsHaveRewardAndScore(t *testing.T) {
	s := session(t, judgedLane(t, "aaaa"), 1)
	e := reported(t, s, protocol.Examine, 30)
	rewards, swapped := s.stage.collector.rewards, 0
	for i, p := range append(slices.Clone(e.Pairs), e.Fresh...) {
		if p.Swapped {
			swapped++
		}
		if p.First.Prompt != p.Second.Prompt {
			t.Fatalf("pair %d is of two prompts: %+v", i, p)
		}
		for _, a := range []protocol.Sample{p.First, p.Second} {
			problem, err := s.lane.Task.Problem(a.Prompt)
			if err != nil {
				t.Fatal(err)
			}
			response, err := s.lane.Task.Encode(a.Response)
			if err != nil {
				t.Fatal(err)
			}
			if a.Finished {
				response = append(response, task.End)
			}
			seq := &rollout.Sequence{Prompt: s.lane.Task.MustEncode(a.Prompt), Response: response}
			score := rewards.scores([]*rollout.Sequence{seq}, new(ledger))[0]
			if a.Reward != s.lane.Task.Score(problem, response) || a.Judged != score {
				t.Errorf("pair %d: %+v, want score %v", i, a, score)
			}
		}
	}
	if swapped == 0 || swapped == len(e.Pairs) {
		t.Errorf("%d of %d pairs are swapped", swapped, len(e.Pairs))
	}
}

func TestPairsNeedARewardModelAtFirst(t *testing.T) {
	for _, c := range []struct {
		stages  [][]string
		samples int
		want    string
	}{
		{[][]string{{"grpo"}}, 4, "no reward model"},
		{[][]string{{"sft"}, {"rlhf"}}, 4, "no reward model"},
		{[][]string{{"rlhf"}}, protocol.MaxLook + 1, "want 1 to"},
		{[][]string{{"rlhf"}}, 0, "want 1 to"},
	} {
		s := session(t, testLane(t, c.stages...), 1)
		err := s.Do(protocol.Command{Kind: protocol.Pair, Samples: c.samples})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: error %v, want one that says %q", c, err, c.want)
		}
	}
	s := session(t, testLane(t, []string{"rlhf", "steps=1", "length_bias=0.2", "pairs=40"},
		[]string{"sft", "steps=1"}), 1)
	if err := s.Do(protocol.Command{Kind: protocol.Examine, Samples: 2}); err != nil {
		t.Fatal(err)
	}
	examined := 0
	for _, e := range run(t, s) {
		if e.Kind == protocol.Examined && e.Stage == 0 && e.Step == 0 {
			examined++
		}
	}
	if err := s.Do(protocol.Command{Kind: protocol.Examine, Samples: 2}); err != nil || !s.Idle() {
		t.Errorf("after its stage a reward model is asked (%v)", err)
	}
	if examined != 1 {
		t.Errorf("%d answers as soon as the reward model is trained, want 1", examined)
	}
}
