package train

import (
	"math"
	"reflect"
	"testing"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// testLane returns a short lane on random weights. Each of stages has the name of a method
// and settings, as in {"sft", "steps=2"}.
func testLane(t testing.TB, stages ...[]string) Lane {
	t.Helper()
	cards, err := task.Lookup("cards")
	if err != nil {
		t.Fatal(err)
	}
	base := model.NewParams(model.Config{Vocab: cards.Vocab(), Dim: 16, Layers: 2, Heads: 2,
		Hidden: 24, Context: 20})
	base.Init(3)
	return laneOn(t, cards, base, stages...)
}

// laneOn is testLane on a given task and base.
func laneOn(t testing.TB, k task.Task, base *model.Params, stages ...[]string) Lane {
	t.Helper()
	teacher := model.NewParams(base.Config)
	teacher.Init(4)
	lane := Lane{Label: "test", Task: k, Base: base, Teacher: teacher, Seed: 11, EvalEvery: 3,
		EvalPrompts: 12}
	for _, s := range stages {
		m, err := method.Lookup(s[0])
		if err != nil {
			t.Fatal(err)
		}
		values := param.Defaults(StageKnobs(k, m))
		for _, setting := range append(quickly(values), s[1:]...) {
			name, text := split(setting)
			if err := values.Set(name, text); err != nil {
				t.Fatal(err)
			}
		}
		lane.Stages = append(lane.Stages, Stage{m, values})
	}
	return lane
}

// quickly returns settings with which a few updates see all that a method does. Fresh weights are
// seldom right, so it takes some pairs until two answers differ.
func quickly(v param.Values) []string {
	switch {
	case v.Has("pairs"):
		return []string{"pairs=300", "steps_reward=3", "ensemble=2"}
	case v.Has("round"):
		return []string{"round=2"}
	case v.Has("solved"):
		return []string{"solved=0"}
	case v.Has("entropy_target"):
		return []string{"entropy_target=9"}
	case v.Has("value_warmup"):
		return []string{"value_warmup=1"}
	default:
		return nil
	}
}

func split(setting string) (name, text string) {
	for i := range setting {
		if setting[i] == '=' {
			return setting[:i], setting[i+1:]
		}
	}
	return setting, ""
}

// laneOf returns a short lane of one method whose every part is at work: fresh
// weights are right now and then, so small batches keep it quick and alive.
func laneOf(t testing.TB, m method.Method) Lane {
	return testLane(t, []string{m.Name, "steps=5", "batch=8", "lr=0.01"})
}

func run(t testing.TB, s *Session) []protocol.Event {
	t.Helper()
	return advance(t, s, math.MaxInt)
}

// advance does so many units of work, or fewer when the lane is done.
func advance(t testing.TB, s *Session, units int) []protocol.Event {
	t.Helper()
	var all []protocol.Event
	for range units {
		if s.Done() {
			break
		}
		events, err := s.Advance()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, events...)
	}
	return all
}

// advanceBy advances a session by so many updates, and on to where a state may be taken, or to its
// end.
func advanceBy(t testing.TB, s *Session, updates int) (all []protocol.Event) {
	t.Helper()
	for from := s.Updates(); !s.Done() && (s.Updates()-from < updates || !s.Resumable()); {
		all = append(all, advance(t, s, 1)...)
	}
	return all
}

// advanceTo advances a session until its next unit of work is of this phase.
func advanceTo(t testing.TB, s *Session, p phase) {
	t.Helper()
	for s.phase != p {
		advance(t, s, 1)
	}
}

func session(t testing.TB, lane Lane, threads int) *Session {
	t.Helper()
	s, err := NewSession(lane, Options{Threads: threads})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// eachMethod runs a test of every method of the registry.
func eachMethod(t *testing.T, f func(t *testing.T, m method.Method)) {
	for _, m := range method.All() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			f(t, m)
		})
	}
}

// The same events, metrics and weights on any number of threads.
func TestThreadsLeaveNoTrace(t *testing.T) {
	eachMethod(t, func(t *testing.T, m method.Method) {
		lane := laneOf(t, m)
		s := session(t, lane, 1)
		want := run(t, s)
		for _, threads := range []int{2, 5} {
			other := session(t, lane, threads)
			if got := run(t, other); !reflect.DeepEqual(got, want) {
				t.Errorf("events on %d threads differ from those on one", threads)
			}
			if other.Weights().Digest() != s.Weights().Digest() {
				t.Errorf("weights on %d threads differ from those on one", threads)
			}
		}
	})
}

// Every method can be stopped wherever a state may be taken, and goes on in a new session with the
// same events: from the first place to the end, from the others through the next batch and
// measurement, where another state is taken.
func TestResumingLeavesNoTrace(t *testing.T) {
	eachMethod(t, func(t *testing.T, m method.Method) {
		for _, lane := range []Lane{laneOf(t, m),
			testLane(t, []string{"sft", "steps=2", "batch=8", "lr=0.01"},
				[]string{m.Name, "steps=3", "batch=8", "lr=0.01", "schedule=cosine", "warmup=1"})} {
			// a buffer, which holds answers to all of them, is filled anew in every session
			lane.Task.Prompts = 256
			resumable(t, lane)
		}
	})
}

// resumable fails unless a lane goes on from every state as if it had never stopped.
func resumable(t *testing.T, lane Lane) {
	t.Helper()
	whole := session(t, lane, 1)
	want := run(t, whole)
	taken, told := 0, 0
	for s := session(t, lane, 1); ; {
		if s.Resumable() {
			resumed := session(t, lane, 1)
			if err := resumed.Restore(roundTrip(t, s.State())); err != nil {
				t.Fatalf("after %d updates: %v", s.Updates(), err)
			}
			updates := 2
			if taken++; taken == 1 {
				updates = math.MaxInt
			}
			rest := advanceBy(t, resumed, updates)
			if len(rest) > len(want)-told ||
				len(rest) > 0 && !reflect.DeepEqual(rest, want[told:][:len(rest)]) {
				t.Fatalf("resumed after %d updates it differs from the whole run", s.Updates())
			}
			if resumed.Done() && (resumed.Weights().Digest() != whole.Weights().Digest() ||
				resumed.Cost() != whole.Cost()) {
				t.Fatalf("resumed after %d updates it ends with other weights or another cost",
					s.Updates())
			}
		}
		if s.Done() {
			break
		}
		told += len(advance(t, s, 1))
	}
	if taken < 5 {
		t.Errorf("a state could be taken at %d places only", taken)
	}
}

func roundTrip(t testing.TB, state *State) *State {
	data, err := state.MarshalMsg(nil)
	if err != nil {
		t.Fatal(err)
	}
	var back State
	if _, err := back.UnmarshalMsg(data); err != nil {
		t.Fatal(err)
	}
	return &back
}

// Fresh rollouts carry the very log-probabilities that the policy gives them: an
// on-policy ratio is exactly one, so a first update never clips.
func TestOnPolicyRatioIsOne(t *testing.T) {
	eachMethod(t, func(t *testing.T, m method.Method) {
		if m.Collect(m.Defaults()).Group == 0 {
			return
		}
		for _, temp := range []string{"temp=1", "temp=1.4"} {
			lane := testLane(t, []string{m.Name, "steps=5", "batch=8", "lr=0.01", temp})
			lane.Task.Prompts = 256 // of a buffer, which holds answers to all of them
			s := session(t, lane, 1)
			advanceTo(t, s, updating)
			for _, seq := range s.batch.flat {
				seq.ScoredAt = -1
			}
			s.scorer.Score(s.stage.tempered(s.policy.network), s.batch.flat, rollout.Policy,
				objective.Logp)
			for i, seq := range s.batch.flat {
				for k, old := range seq.OldLogp {
					if seq.Logp[k] != old {
						t.Fatalf("%s: rollout %d token %d: sampled with %v, scored %v", temp, i, k,
							old, seq.Logp[k])
					}
				}
			}
		}
	})
}

// Every emitted number is in the dictionary, finite, and emitted once an event.
func TestMetricsAreDefined(t *testing.T) {
	eachMethod(t, func(t *testing.T, m method.Method) {
		for _, e := range run(t, session(t, laneOf(t, m), 1)) {
			seen := map[string]bool{}
			for _, metric := range e.Metrics {
				if _, ok := eval.Define(metric.Name); !ok {
					t.Errorf("%s is not in the dictionary", metric.Name)
				}
				if math.IsNaN(metric.Value) || math.IsInf(metric.Value, 0) || seen[metric.Name] {
					t.Errorf("%s = %v is not finite or stands twice in an event", metric.Name,
						metric.Value)
				}
				seen[metric.Name] = true
			}
		}
	})
}

// Every way through the trainer from the same start, to the bit: on every
// platform, backend and compiler setting. After a change of the numerics on
// purpose, raise Engine and put in what the test prints.
func TestGoldenDigests(t *testing.T) {
	for _, g := range golden {
		s := session(t, testLane(t, g.stages...), 2)
		run(t, s)
		if got := s.Weights().Digest()[:16]; got != g.digest {
			t.Errorf("%v ends with %s, want %s", g.stages, got, g.digest)
		}
	}
}
