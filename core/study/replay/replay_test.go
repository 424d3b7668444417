package replay

import (
	"bytes"
	"compress/gzip"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/cells"
)

const tiny = "cards?eval_every=2&eval_prompts=3"

// computed returns the results of lanes, and the events of the first one in training.
func computed(t testing.TB, lanes ...string) (results []cells.Result, seen []protocol.Event) {
	t.Helper()
	for i, lane := range lanes {
		r, err := recipe.Standard().Parse(tiny + "&lane=" + lane)
		if err != nil {
			t.Fatal(err)
		}
		o, err := cells.Run(t.Context(), r, cells.Options{Threads: 1,
			Observe: func(e protocol.Event) {
				if i == 0 {
					seen = append(seen, e)
				}
			}})
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, cells.Result{Experiment: "a", Arm: lane[:3], Config: lane,
			Base: 1, Seed: 1, Part: "judge", Outcome: o})
	}
	return results, seen
}

// What is replayed of a run has the metrics and the costs that its training reported.
func TestEventsAreThoseOfTheTraining(t *testing.T) {
	results, seen := computed(t, "sft,steps=3,batch=4")
	events, err := Events(results[0])
	if err != nil {
		t.Fatal(err)
	}
	var steps []int
	for _, e := range events {
		steps = append(steps, e.Step)
	}
	if !slices.Equal(steps, []int{0, 2, 3, 3}) || events[3].Kind != protocol.Finished {
		t.Errorf("the events are at the steps %v and end with %s", steps, events[3].Kind)
	}
	for _, e := range seen {
		if e.Kind != protocol.Measured {
			continue
		}
		at := slices.IndexFunc(events, func(o protocol.Event) bool { return o.Step == e.Step })
		cost := e.Cost
		cost.Seconds = 0
		if got := events[at].Cost; got != cost {
			t.Errorf("step %d has cost %+v, want %+v", e.Step, got, cost)
		}
		for _, m := range e.Metrics {
			// A curve has what can be needed of it; the rest is known of the start and the end.
			kept := slices.ContainsFunc(results[0].Curve, func(p cells.Point) bool {
				_, ok := p.Metrics[m.Name]
				return ok && p.Step == e.Step
			})
			if kept && !slices.Contains(events[at].Metrics, m) {
				t.Errorf("step %d has no %s of %v", e.Step, m.Name, m.Value)
			}
		}
	}
	for name := range results[0].After {
		if !slices.ContainsFunc(events[2].Metrics, func(m protocol.Metric) bool {
			return m.Name == name && m.Value == results[0].After[name]
		}) {
			t.Errorf("the last measurement has no %s", name)
		}
	}
}

// Runs of one recipe become lanes of one recipe, which the catalogue takes.
func TestLink(t *testing.T) {
	results, _ := computed(t, "sft,steps=2,batch=4", "grpo,steps=2,batch=2,group=3")
	link, err := Link(results)
	if err != nil {
		t.Fatal(err)
	}
	r, err := recipe.Standard().Parse(link)
	if err != nil || len(r.Lanes) != 2 || r.Link() != link {
		t.Errorf("%s: %v", link, err)
	}
	first, err := Of(results[0])
	if err != nil || first.Config != "sft,steps=2,batch=4" || first.Steps != 2 {
		t.Errorf("the first run is %+v (%v)", first, err)
	}
	for want, links := range map[string][]string{
		"no run is chosen":         nil,
		"does not end with a lane": {"cards?lane=sft&seed=2"},
		"differ in more than":      {"cards?seed=1&lane=sft", "cards?seed=2&lane=sft"},
	} {
		var some []cells.Result
		for _, link := range links {
			some = append(some, cells.Result{Outcome: cells.Outcome{Link: link}})
		}
		if _, err := Link(some); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", links, err, want)
		}
	}
}

// A file is read as it is and compressed; of any other, one sentence says what is wrong with it.
func TestRead(t *testing.T) {
	results, _ := computed(t, "sft,steps=2,batch=4")
	line, err := cells.Encode(results[0])
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(line)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{"results.jsonl": line,
		"memorise.jsonl.gz": packed.Bytes(), "browsers unpack some.gz": line,
		"renamed.jsonl": packed.Bytes()} {
		read, err := Read(name, bytes.NewReader(file))
		if err != nil || len(read) != 1 || read[0].Digest != results[0].Digest {
			t.Errorf("%s: %d results (%v)", name, len(read), err)
		}
	}
	other := bytes.Replace(line, []byte(`"engine":`), []byte(`"engine":9`), 1)
	for want, file := range map[string][]byte{
		"results.jsonl is empty":                    nil,
		"does not hold the results of a study":      []byte("<!doctype html>"),
		"line 1: unknown field":                     []byte("{\"worker\":\"a\"}\n"),
		"line 2: the line is cut off":               append(slices.Clone(line), line[:50]...),
		"results.jsonl: line 1: engine 9":           other,
		"results.jsonl: gzip: invalid header":       []byte("\x1f\x8bno, it is not compressed"),
		"results.jsonl: line 2: unexpected EOF":     packed.Bytes()[:packed.Len()-4],
		"results.jsonl: line 1: invalid character ": []byte("{]}\n"),
	} {
		if _, err := Read("results.jsonl", bytes.NewReader(file)); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Whatever can be read can be replayed, and nothing panics.
func FuzzEvents(f *testing.F) {
	results, _ := computed(f, "sft,steps=2,batch=4")
	line, err := cells.Encode(results[0])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(line)
	f.Add(append(line, line[:len(line)/2]...))
	f.Add([]byte(`{"experiment":"a"}`))
	f.Add([]byte("\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		results, err := Read("results.jsonl", bytes.NewReader(file))
		if err != nil {
			return
		}
		for _, r := range results {
			if _, err := Of(r); err != nil {
				continue
			}
			if events, err := Events(r); err == nil && len(events) < 2 {
				t.Errorf("%d events", len(events))
			}
		}
		_, _ = Link(results)
	})
}
