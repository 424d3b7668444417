//go:build !page

package signal_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/glossary"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/signal"
)

var update = flag.Bool("update", false, "write testdata/exhibits.txt anew")

// recordedFile returns the file of what an exhibit reported when it was run with its own seed: of
// each lane the scheduled measurements and the update after each, with the metrics that rules read.
// TestVerifyRecorded compares it with a new run and writes it.
func recordedFile(exhibit string) string { return "testdata/" + exhibit + ".jsonl.gz" }

// line is an event in a recorded file.
type line struct {
	Lane    int                `json:"lane"`
	Kind    protocol.EventKind `json:"kind"`
	Stage   int                `json:"stage"`
	Step    int                `json:"step"`
	Metrics map[string]float64 `json:"metrics"`
}

// event returns the event of a line.
func (l line) event() protocol.Event {
	e := protocol.Event{Kind: l.Kind, Stage: l.Stage, Step: l.Step}
	for name, value := range l.Metrics {
		e.Metrics = append(e.Metrics, protocol.Metric{Name: name, Value: value})
	}
	return e
}

// recorded returns the lines of an exhibit's recorded file.
func recorded(t *testing.T, exhibit string) (all []line) {
	t.Helper()
	file, err := os.ReadFile(recordedFile(exhibit))
	if err != nil {
		t.Fatal(err)
	}
	text, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for in := bufio.NewScanner(text); in.Scan(); {
		var l line
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}

// found returns what is found in the lanes of a recipe by these lines, lane by lane.
func found(r *recipe.Recipe, lines []line) [][]signal.Finding {
	lanes := r.Signals()
	for _, l := range lines {
		lanes[l.Lane].Add(l.event())
	}
	all := make([][]signal.Finding, len(lanes))
	for i := range lanes {
		all[i] = lanes[i].Found()
	}
	return all
}

func parsed(t *testing.T, link string) *recipe.Recipe {
	t.Helper()
	r, err := recipe.Standard().Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// shows has the signals of each lane of an exhibit. A lane that is not here goes well. In the
// museum the first lane shows its failure, and the second does not. In the other exhibits only
// what their texts say is found: that nothing is ever right from an untrained base, nor after a
// cold start of only 20 updates, whose answers then grow (coldstart), that the score of a reward
// model rises while the quality falls (hacking), and that a liking for length makes answers longer
// (annotator).
var shows = map[string][]string{
	"failure_collapse": {"entropy_gone kl_runaway"},
	"failure_confused": {"confused_base"},
	"failure_groups":   {"idle_groups"},
	"failure_hot":      {"diverged"},
	"failure_leak":     {"reward_apart"},
	"failure_length":   {"longer"},
	"failure_overfit":  {"loss_zero"},
	"coldstart":        {"no_reward", "longer no_reward"},
	"hacking":          {"hacked"},
	"annotator":        {"", "", "longer"},
}

// Every exhibit shows the signals that it is about, in the lanes that it is about, and healthy
// lanes show none. The sentences are those that were read and found to be plain, and each cure
// can be run.
func TestExhibits(t *testing.T) {
	var said strings.Builder
	for _, e := range recipe.Standard().Exhibits() {
		r := parsed(t, e.Name)
		if r.Signals()[0].Stages == nil {
			continue // without a network nothing is looked for
		}
		fmt.Fprintf(&said, "%s\n", e.Name)
		for i, findings := range found(r, recorded(t, e.Name)) {
			var names []string
			for _, f := range findings {
				names = append(names, f.Name)
				n := r.Notice(i, f)
				fmt.Fprintf(&said, "  lane %d, update %d: %s\n    %s\n    %s\n    %s\n", i+1,
					f.Step, f.Title, f.Measured, n.Cure.Says, n.Cure.Link)
				if cured := parsed(t, n.Cure.Link); cured.Link() == r.Link() ||
					cured.Ready() != nil {
					t.Errorf("exhibit %s, %s: the cure is %q", e.Name, f.Name, n.Cure.Link)
				}
			}
			slices.Sort(names)
			want := ""
			if i < len(shows[e.Name]) {
				want = shows[e.Name][i]
			}
			if have := strings.Join(names, " "); have != want {
				t.Errorf("exhibit %s, lane %d shows %q, want %q", e.Name, i+1, have, want)
			}
		}
	}
	golden(t, "testdata/exhibits.txt", said.String())
}

// golden compares with a file, or writes it.
func golden(t *testing.T, file, have string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(have), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(file); err != nil || string(want) != have {
		t.Errorf("%s is not what is said (%v): read the sentences below, and write the file with "+
			"-update\n%s", file, err, have)
	}
}

// What is found does not depend on what comes besides scheduled measurements, on events that come
// again, and on updates that a kept run does not have.
func TestOnlyKeptEventsCount(t *testing.T) {
	for _, name := range []string{"failure_hot", "failure_groups"} {
		lines, r := recorded(t, name), parsed(t, name)
		lanes, want := r.Signals(), found(r, lines)
		for i, l := range lines {
			e := l.event()
			lanes[l.Lane].Add(e)
			lanes[l.Lane].Add(e)
			for _, before := range lines[:i] {
				lanes[before.Lane].Add(before.event())
			}
			e.Step += 3 // as when somebody makes single steps
			if e.Kind != protocol.Finished {
				lanes[l.Lane].Add(e)
			}
		}
		for i := range lanes {
			have := lanes[i].Found()
			if len(have) != len(want[i]) {
				t.Fatalf("%s, lane %d: %d findings, want %d", name, i+1, len(have), len(want[i]))
			}
			for k := range have {
				if have[k].Measured != want[i][k].Measured || have[k].Step != want[i][k].Step {
					t.Errorf("%s, lane %d: %q, want %q", name, i+1, have[k].Measured,
						want[i][k].Measured)
				}
			}
		}
	}
}

// A lane that was resumed is not judged by its later part.
func TestNothingIsFoundWithoutTheBeginning(t *testing.T) {
	r := parsed(t, "failure_hot")
	lines := slices.DeleteFunc(recorded(t, "failure_hot"), func(l line) bool { return l.Step < 20 })
	for i, findings := range found(r, lines) {
		if len(findings) > 0 {
			t.Errorf("lane %d shows %s", i+1, findings[0].Name)
		}
	}
}

// Signals are declared in full: an exhibit and a term that exist, metrics of the dictionary.
func TestDeclarations(t *testing.T) {
	names := map[string]bool{}
	for _, s := range signal.All() {
		if names[s.Name] || s.Title == "" || s.Rule == "" || s.Why == "" || s.Cite == "" {
			t.Errorf("signal %q is not declared in full, or twice", s.Name)
		}
		names[s.Name] = true
		if _, err := recipe.Standard().Exhibit(s.Exhibit); err != nil && s.Exhibit != "" {
			t.Errorf("signal %s: %v", s.Name, err)
		}
		if entry, err := glossary.Lookup(s.Term); err != nil || entry.Plain {
			t.Errorf("signal %s is about the term %q, which the page does not link (%v)", s.Name,
				s.Term, err)
		}
		for _, metric := range s.Reads {
			if _, ok := eval.Define(metric); !ok {
				t.Errorf("signal %s reads %s, which is no metric", s.Name, metric)
			}
		}
	}
	for _, s := range signal.All() {
		for _, name := range s.Explains {
			if !names[name] {
				t.Errorf("signal %s explains %s, which there is not", s.Name, name)
			}
		}
	}
}

// Whatever method a stage has, the cures of the signals that apply to it make a recipe that can be
// run, at its defaults.
func TestCuresFitEveryMethod(t *testing.T) {
	fitted := map[string]bool{}
	for _, m := range recipe.Standard().Methods() {
		for _, name := range []string{"cards", "taste"} {
			r, err := recipe.Standard().Parse(name + "?lane=" + m.Name)
			if err != nil {
				continue // a task without a teacher
			}
			stage := r.Signals()[0].Stages[0]
			for _, s := range signal.All() {
				if !s.Applies(stage) {
					continue
				}
				for _, c := range s.Cures(stage) {
					fitted[s.Name] = true
					if link, err := r.Cured(0, 0, c); err != nil || link == r.Address() {
						t.Errorf("%s, %s, %+v: %q, %v", m.Name, s.Name, c, link, err)
					}
				}
			}
		}
	}
	for _, s := range signal.All() {
		if !fitted[s.Name] && s.Name != "confused_base" { // of one base alone
			t.Errorf("no method has a cure for %s", s.Name)
		}
	}
}
