package train

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"posttrain/core/eval"
	"posttrain/core/method"
	"posttrain/core/model"
	"posttrain/core/param"
	"posttrain/core/protocol"
	"posttrain/core/rollout"
	"posttrain/core/task"
)

// testLane is a short lane on fresh weights: chain names methods joined by the
// stages' settings, as in {"sft", "steps=2"}.
func testLane(t testing.TB, stages ...[]string) Lane {
	t.Helper()
	cards, err := task.Lookup("cards")
	if err != nil {
		t.Fatal(err)
	}
	base := model.NewParams(model.Config{Vocab: cards.Vocab(), Dim: 16, Layers: 2, Heads: 2, Hidden: 24, Context: 20})
	base.Init(3)
	teacher := model.NewParams(base.Config)
	teacher.Init(4)
	lane := Lane{Label: "test", Task: cards, Base: base, Teacher: teacher, Seed: 11, EvalEvery: 3, EvalPrompts: 12}
	for _, s := range stages {
		m, err := method.Lookup(s[0])
		if err != nil {
			t.Fatal(err)
		}
		values := param.Defaults(StageKnobs(cards, m))
		for _, setting := range append(rewardModelSettings(values), s[1:]...) {
			name, text := split(setting)
			if err := values.Set(name, text); err != nil {
				t.Fatal(err)
			}
		}
		lane.Stages = append(lane.Stages, Stage{m, values})
	}
	return lane
}

// rewardModelSettings are what trains reward models quickly, where there are any. Fresh weights are seldom right, so it takes
// some pairs until two answers differ.
func rewardModelSettings(v param.Values) []string {
	if !v.Has("pairs") {
		return nil
	}
	return []string{"pairs=300", "steps_reward=3", "ensemble=2"}
}

func split(setting string) (name, text string) {
	for i := range setting {
		if setting[i] == '=' {
			return setting[:i], setting[i+1:]
		}
	}
	return setting, ""
}

// laneOf is a short lane of one method whose every part is at work: fresh
// weights are right now and then, so small batches keep it quick and alive.
func laneOf(t testing.TB, m method.Method) Lane {
	return testLane(t, []string{m.Name, "steps=5", "batch=8", "lr=0.01"})
}

func run(t testing.TB, s *Session) []protocol.Event {
	t.Helper()
	var all []protocol.Event
	for !s.Done() {
		events, err := s.Advance()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, events...)
	}
	return all
}

func session(t testing.TB, lane Lane, threads int) *Session {
	t.Helper()
	s, err := NewSession(lane, Options{Threads: threads})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every method of the registry: the same events, metrics and weights on any
// number of threads.
func TestThreadsLeaveNoTrace(t *testing.T) {
	for _, m := range method.All() {
		lane := laneOf(t, m)
		s := session(t, lane, 1)
		want := run(t, s)
		for _, threads := range []int{2, 5} {
			other := session(t, lane, threads)
			if got := run(t, other); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: events on %d threads differ from those on one", m.Name, threads)
			}
			if other.Weights().Digest() != s.Weights().Digest() {
				t.Errorf("%s: weights on %d threads differ from those on one", m.Name, threads)
			}
		}
	}
}

// Every method can be stopped wherever a state may be taken, and goes on in a
// new session to the same end, with the same events in between.
func TestResumingLeavesNoTrace(t *testing.T) {
	for _, m := range method.All() {
		lanes := map[string]Lane{
			m.Name: laneOf(t, m),
			"sft~" + m.Name: testLane(t, []string{"sft", "steps=2", "batch=8", "lr=0.01"},
				[]string{m.Name, "steps=3", "batch=8", "lr=0.01", "schedule=cosine", "warmup=1"}),
		}
		for name, lane := range lanes {
			whole := session(t, lane, 1)
			want := run(t, whole)
			var got []protocol.Event
			taken := 0
			for s := session(t, lane, 1); ; {
				if s.Resumable() {
					taken++
					resumed := session(t, lane, 1)
					if err := resumed.Restore(roundTrip(t, s.State())); err != nil {
						t.Fatalf("%s after %d updates: %v", name, s.Updates(), err)
					}
					if rest := run(t, resumed); !reflect.DeepEqual(append(slices.Clone(got), rest...), want) {
						t.Fatalf("%s resumed after %d updates differs from the whole run", name, s.Updates())
					}
					if resumed.Weights().Digest() != whole.Weights().Digest() || resumed.Cost() != whole.Cost() {
						t.Fatalf("%s resumed after %d updates ends with other weights or another cost", name, s.Updates())
					}
				}
				if s.Done() {
					break
				}
				events, err := s.Advance()
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, events...)
			}
			if taken < 5 {
				t.Errorf("%s: a state could be taken at %d places only", name, taken)
			}
		}
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
	for _, m := range method.All() {
		if m.Collect(m.Defaults()).Group == 0 {
			continue
		}
		s := session(t, laneOf(t, m), 1)
		for s.phase != updating {
			if _, err := s.Advance(); err != nil {
				t.Fatal(err)
			}
		}
		for _, seq := range s.batch.flat {
			seq.ScoredAt = -1
		}
		s.scorer.Score(s.policy.network, s.batch.flat, rollout.Policy, method.Logp)
		for i, seq := range s.batch.flat {
			for k, old := range seq.OldLogp {
				if seq.Logp[k] != old {
					t.Fatalf("%s: rollout %d token %d: sampled with %v, scored %v", m.Name, i, k, old, seq.Logp[k])
				}
			}
		}
	}
}

// Every emitted number is in the dictionary, finite, and emitted once an event.
func TestMetricsAreDefined(t *testing.T) {
	for _, m := range method.All() {
		for _, e := range run(t, session(t, laneOf(t, m), 1)) {
			seen := map[string]bool{}
			for _, metric := range e.Metrics {
				if _, ok := eval.Define(metric.Name); !ok {
					t.Errorf("%s emits %s, which is not in the dictionary", m.Name, metric.Name)
				}
				if math.IsNaN(metric.Value) || math.IsInf(metric.Value, 0) || seen[metric.Name] {
					t.Errorf("%s: %s = %v is not finite or stands twice in an event", m.Name, metric.Name, metric.Value)
				}
				seen[metric.Name] = true
			}
		}
	}
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
