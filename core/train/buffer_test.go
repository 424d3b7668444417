package train

import (
	"math"
	"reflect"
	"testing"

	"github.com/posttrain/posttrain/core/objective"
)

// collected advances a session until the batch after this many updates is complete.
func collected(t testing.TB, s *Session, updates int) {
	t.Helper()
	for s.phase != updating || s.policy.updates < updates {
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
	}
}

// For every prompt there is one answer in the buffer: a right one of the policy's own, or else a
// demonstration, which is paid for once however often it is shown.
func TestABufferOfOneAnswerToEveryPrompt(t *testing.T) {
	for _, name := range []string{"sdft", "star"} {
		lane := testLane(t, []string{name, "steps=4", "batch=50", "group=8", "lr=0.01"})
		s := session(t, lane, 1)
		shown := map[int]bool{}
		for step := range 4 {
			collected(t, s, step)
			own := 0
			for i, k := range s.stage.collector.buffer.kept {
				seq := k.group[0]
				if k.prompt != i || len(k.group) != 1 || seq.Problem.Key != s.prompts[i].Key {
					t.Fatalf("%s: place %d holds %d answers to prompt %d", name, i, len(k.group),
						k.prompt)
				}
				if lane.Task.Score(seq.Problem, seq.Response) != 1 {
					t.Errorf("%s: the answer to prompt %d is wrong", name, i)
				}
				if seq.Source == objective.Demo {
					shown[i] = true
				} else {
					own++
				}
			}
			if n := len(s.stage.collector.buffer.kept); n != lane.Task.Prompts || own == 0 ||
				own == n {
				t.Errorf("%s: %d answers, %d of them its own, to %d prompts", name, n, own,
					lane.Task.Prompts)
			}
			if got := s.Cost().Demonstrations; got != len(shown) {
				t.Errorf("%s: %d demonstrations were paid for, %d prompts were shown", name, got,
					len(shown))
			}
			if _, err := s.Advance(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A round's answers are those of the policy that the round before made; then that policy is gone.
func TestEveryRoundStartsOver(t *testing.T) {
	for _, rank := range []string{"rank=0", "rank=2"} {
		s := session(t, testLane(t,
			[]string{"star", "steps=9", "round=3", "batch=50", "lr=0.01", rank}), 1)
		for round := range 3 {
			for s.policy.updates < 3*round || s.phase == measuring {
				if _, err := s.Advance(); err != nil {
					t.Fatal(err)
				}
			}
			other := s.stage.newCollector().buffer
			for !other.answerAll(&s.policy, round, new(ledger)) {
			}
			other.fill(round, new(ledger))
			before := s.policy.Digest()
			collected(t, s, 3*round)
			if !reflect.DeepEqual(responses(other.kept), responses(s.stage.collector.buffer.kept)) {
				t.Errorf("%s: the answers of round %d are not those of the policy at its start",
					rank, round)
			}
			if s.policy.Digest() != s.stage.start.Digest() || s.stage.optimiser.Kept().Steps != 0 ||
				round > 0 && before == s.stage.start.Digest() {
				t.Errorf("%s: round %d does not start over", rank, round)
			}
		}
	}
}

func responses(buffer []kept) (all [][]int32) {
	for _, k := range buffer {
		all = append(all, k.group[0].Response)
	}
	return all
}

// Memories that do not belong to the lane are refused with a sentence.
func TestRestoreRefusesForeignMemories(t *testing.T) {
	lane := testLane(t, []string{"star", "steps=4", "round=2", "batch=8", "group=16"})
	s := session(t, lane, 1)
	collected(t, s, 1)
	for !s.Resumable() {
		if _, err := s.Advance(); err != nil {
			t.Fatal(err)
		}
	}
	good := *s.State().Memory
	own := 0
	for good.Answers[own].Demo {
		own++
	}
	for name, change := range map[string]func(s *State, a *Answer){
		"no prompt":      func(_ *State, a *Answer) { a.Prompt = -1 },
		"another prompt": func(_ *State, a *Answer) { a.Prompt = lane.Task.Prompts },
		"nothing said":   func(_ *State, a *Answer) { *a = Answer{} },
		"no end":         func(_ *State, a *Answer) { a.Response = make([]int32, 1000) },
		"another alphabet": func(_ *State, a *Answer) {
			a.Response[0] = int32(lane.Base.Config.Vocab)
		},
		"a negative token":   func(_ *State, a *Answer) { a.Response[0] = -1 },
		"no logp":            func(_ *State, a *Answer) { a.Logp = nil },
		"no entropy":         func(_ *State, a *Answer) { a.Entropy = nil },
		"no number":          func(_ *State, a *Answer) { a.Logp[0] = math.NaN() },
		"undecided":          func(_ *State, a *Answer) { a.Entropy[0] = math.Inf(1) },
		"no reward":          func(_ *State, a *Answer) { a.Reward = math.NaN() },
		"charged before all": func(s *State, _ *Answer) { s.Demonstrated.Training[0] = -1 },
		"charged besides all": func(s *State, _ *Answer) {
			s.Demonstrated.Training[0] = lane.Task.Prompts
		},
	} {
		state := roundTrip(t, s.State())
		change(state, &state.Memory.Answers[own])
		if err := session(t, lane, 1).Restore(state); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	state := s.State()
	state.Memory = nil
	if err := session(t, lane, 1).Restore(state); err == nil {
		t.Error("no memory: accepted")
	}
	plain := testLane(t, []string{"rft", "steps=4", "batch=8", "group=16"})
	foreign := session(t, plain, 1).State()
	foreign.Memory = &good
	if err := session(t, plain, 1).Restore(foreign); err == nil {
		t.Error("a memory that is not wanted: accepted")
	}
}
