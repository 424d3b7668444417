package density

import (
	"reflect"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
)

// lane has a stage for every method named, at these settings where the method knows them.
func lane(t *testing.T, settings string, names ...string) Lane {
	t.Helper()
	l := Lane{Label: strings.Join(names, "~"), Seed: 3, EvalEvery: 7}
	for _, name := range names {
		for _, m := range Methods() {
			if m.Name != name {
				continue
			}
			v := param.Defaults(m.Knobs)
			for _, setting := range strings.Fields(settings) {
				if knob, text, _ := strings.Cut(setting, "="); v.Has(knob) {
					set(t, v, knob, text)
				}
			}
			l.Stages = append(l.Stages, Stage{m, v})
		}
	}
	return l
}

func opened(t *testing.T, l Lane) *Session {
	t.Helper()
	s, err := NewSession(l, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// finish advances a session until it stands still and returns what it told.
func finish(t *testing.T, s *Session) (all []protocol.Event) {
	t.Helper()
	for !s.Idle() {
		events, err := s.Advance()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, events...)
	}
	return all
}

// The bits of today, the same on every platform. They may change only with a reason that the lab
// log gives.
func TestGolden(t *testing.T) {
	for _, c := range []struct{ settings, names, digest string }{
		{"steps=20", "sft", "9e46ba57ae976f6effdb1f6a1365c04f819c38b49f6b0d263e2ea6b1e08b118e"},
		{"steps=20", "reinforce",
			"7ae73850eed523102db89e072bd154ee2a8f779205b1a746a5c7c010f27f049b"},
		{"steps=20 draws=whole", "reinforce",
			"0e1d01ca5572711394574c39c765cc354637f5e495443c1090aa7b12a642738f"},
		{"steps=20 modes=one", "sft reinforce",
			"97bc7595834a27bae8e8727aa55678dc69fb6e3469b788ffa58280ca417a29c9"},
	} {
		s := opened(t, lane(t, c.settings+" until=1 samples=100", strings.Fields(c.names)...))
		finish(t, s)
		if got := s.Digest(); got != c.digest {
			t.Errorf("%s, %s: the digest is %s, want %s", c.names, c.settings, got, c.digest)
		}
	}
}

// A lane that is stopped, measured and looked at on its way ends with the same bits, events and
// cost as one that is left alone, and so does one that begins again.
func TestInterruptionsChangeNothing(t *testing.T) {
	for i := range uint64(20) {
		r := num.NewRand(i, "test", "session")
		names := [][]string{{"sft"}, {"reinforce"}, {"sft", "reinforce"}}[r.IntN(3)]
		l := lane(t, "steps=30 samples=20 modes="+[]string{"one", "two"}[r.IntN(2)], names...)
		alone := opened(t, l)
		told := finish(t, alone)
		if last := told[len(told)-1]; last.Kind != protocol.Finished ||
			!reflect.DeepEqual(last.Metrics, alone.Metrics()) {
			t.Fatalf("the last event is %+v", last)
		}
		s := opened(t, l)
		for !s.Done() {
			kinds := []protocol.CommandKind{protocol.Run, protocol.Pause, protocol.Step,
				protocol.Measure, protocol.Look, protocol.Ask, protocol.Explain, protocol.Compare}
			if err := s.Do(protocol.Command{Kind: kinds[r.IntN(len(kinds))], Steps: 1 + r.IntN(5),
				Level: Prior, Samples: 3}); err != nil {
				t.Fatal(err)
			}
			for range r.IntN(20) {
				if _, err := s.Advance(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if s.Digest() != alone.Digest() || s.Updates() != alone.Updates() ||
			s.Cost() != alone.Cost() || !reflect.DeepEqual(s.Metrics(), alone.Metrics()) {
			t.Errorf("%s: interrupted, it ends as %+v after %d updates, else as %+v after %d",
				l.Label, s.q, s.Updates(), alone.q, alone.Updates())
		}
	}
}

// Every update is told once, both levels are measured at the start, when it is due and at the end,
// and the ledger counts every draw.
func TestWhatIsTold(t *testing.T) {
	s := opened(t, lane(t, "steps=16 samples=30 until=1", "sft", "reinforce"))
	updates, measured := 0, map[int]int{}
	for _, e := range finish(t, s) {
		switch e.Kind {
		case protocol.Updated:
			if updates++; e.Step != updates || e.Stage != (updates-1)/16 {
				t.Errorf("update %d is told as that of step %d, stage %d", updates, e.Step, e.Stage)
			}
		case protocol.Measured:
			measured[e.Step]++
		}
	}
	for step := range 33 {
		want := 0
		if step%7 == 0 || step == 32 {
			want = 2
		}
		if measured[step] != want {
			t.Errorf("%d levels were measured at step %d, want %d", measured[step], step, want)
		}
	}
	if want := (protocol.Cost{Demonstrations: 480, VerifierCalls: 480, TokensGenerated: 480,
		TokensTrained: 960}); s.Cost() != want || updates != 32 {
		t.Errorf("after %d updates the cost is %+v, want %+v", updates, s.Cost(), want)
	}
}

// A stage ends early once it covers as much as it is to, and no update sooner.
func TestUntil(t *testing.T) {
	for _, m := range Methods() {
		s, before := opened(t, lane(t, "until=0.6", m.Name)), 0.0
		for !s.Done() {
			if now := Overlap(s.q, New); s.updates < 200 && !s.measuring {
				before = now
			}
			if _, err := s.Advance(); err != nil {
				t.Fatal(err)
			}
		}
		if Overlap(s.q, New) < 0.6 || before >= 0.6 || s.updates == 200 {
			t.Errorf("%s ends after %d updates with %v, the one before with %v", m.Name, s.updates,
				Overlap(s.q, New), before)
		}
	}
}

func TestRefusals(t *testing.T) {
	mixed := lane(t, "", "sft", "reinforce")
	set(t, mixed.Stages[1].Values, "modes", "one")
	for _, c := range []struct {
		lane Lane
		want string
	}{{Lane{Label: "none"}, "no stage"}, {mixed, "one in a later stage"}} {
		if _, err := NewSession(c.lane, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c.lane, err)
		}
	}
	s := opened(t, lane(t, "", "sft"))
	for _, c := range []protocol.Command{{Kind: "jump"}, {Kind: protocol.Step}} {
		if s.Do(c) == nil {
			t.Errorf("%+v is obeyed", c)
		}
	}
}

// What a caller does with a returned measurement does not change the session.
func TestCallersCannotChangeMeasurements(t *testing.T) {
	s := opened(t, lane(t, "steps=2", "sft"))
	events := finish(t, s)
	for _, metrics := range [][]protocol.Metric{
		s.First(), s.Metrics(), events[len(events)-1].Metrics,
	} {
		for i := range metrics {
			metrics[i].Value = -1
		}
	}
	for _, m := range append(s.First(), s.Metrics()...) {
		if m.Value == -1 {
			t.Errorf("%s was changed", m.Name)
		}
	}
}
