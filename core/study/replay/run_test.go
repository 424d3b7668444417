package replay

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
)

// recorded returns what posttrain run --json prints of a run, and the events of its first lane.
func recorded(t testing.TB, link string) (file []byte, seen []protocol.Event) {
	t.Helper()
	r, err := recipe.Standard().Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	lines := json.NewEncoder(&out)
	result, err := study.Run(t.Context(), r, study.Options{Threads: 1,
		Observe: func(e protocol.Event) {
			line := map[string]any{"event": e.Kind, "seed": r.Seed(), "lane": e.Lane,
				"stage": e.Stage, "step": e.Step, "metrics": study.ByName(e.Metrics),
				"samples": e.Samples, "cost": e.Cost}
			if err := lines.Encode(line); err != nil {
				t.Error(err)
			}
			if e.Lane == r.Labels()[0] {
				seen = append(seen, e)
			}
		}})
	if err == nil {
		err = lines.Encode(result)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), seen
}

// Every number that a run has printed comes back, in the order of its events.
func TestReadRun(t *testing.T) {
	const link = "cards?eval_every=2&eval_prompts=3&lane=sft,steps=3,batch=4" +
		"&lane=grpo,steps=2,batch=2,group=3"
	file, seen := recorded(t, link)
	run, err := ReadRun("run.jsonl", bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if run.Link != recipeLink(t, link) || len(run.Lanes) != 2 || run.Lanes[1].Label != "grpo" ||
		run.Lanes[0].Digest == "" {
		t.Errorf("the run is %+v", run)
	}
	if len(run.Lanes[0].Events) != len(seen) {
		t.Fatalf("%d events, want %d", len(run.Lanes[0].Events), len(seen))
	}
	for i, e := range run.Lanes[0].Events {
		want := seen[i]
		if got, want := study.ByName(e.Metrics), study.ByName(want.Metrics); len(got) !=
			len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
			t.Errorf("event %d has metrics %v, want %v", i, got, want)
		}
		e.Metrics, want.Metrics = nil, nil
		if len(e.Samples) == 0 && len(want.Samples) == 0 {
			e.Samples, want.Samples = nil, nil
		}
		if !reflect.DeepEqual(e, want) {
			t.Errorf("event %d is %+v, want %+v", i, e, want)
		}
	}
}

// The page may save a run of which a lane has not begun.
func TestReadRunOfThePage(t *testing.T) {
	const text = `{"event":"step","lane":"sft","step":1,"metrics":{"train/loss":0.5}}
		{"event":"done","link":"cards","lanes":[{"label":"sft"},{"label":"grpo"}],"page":{"when":1}}`
	run, err := ReadRun("run.jsonl", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	want := []RecordedLane{
		{Label: "sft", Events: []protocol.Event{{Kind: protocol.Updated, Lane: "sft", Step: 1,
			Metrics: []protocol.Metric{{Name: "train/loss", Value: 0.5}}}}},
		{Label: "grpo"},
	}
	if !reflect.DeepEqual(run.Lanes, want) || string(run.Page) != `{"when":1}` {
		t.Errorf("the run is %+v, want lanes %+v", run, want)
	}
}

func recipeLink(t *testing.T, link string) string {
	t.Helper()
	r, err := recipe.Standard().Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return r.Link()
}

// One sentence says what is wrong with a file; one that is no run at all is told apart.
func TestReadRunRefuses(t *testing.T) {
	file, _ := recorded(t, "densities?lane=sft,samples=20,steps=4&eval_every=2")
	lines := strings.SplitAfter(strings.TrimSpace(string(file)), "\n")
	whole := strings.Join(lines, "")
	for want, text := range map[string]string{
		"ends without its result":            strings.Join(lines[:len(lines)-1], ""),
		"has more than one run":              whole + "\n" + whole,
		"has no events of its lane \"sft\"":  strings.ReplaceAll(whole, `"lane":"sft"`, `"lane":"a"`),
		"run.jsonl: unexpected EOF":          whole[:len(whole)-5],
		"run.jsonl: invalid character 'o' l": lines[0] + "other\n",
	} {
		_, err := ReadRun("run.jsonl", strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	results, _ := computed(t, "sft,steps=2,batch=4")
	study, err := json.Marshal(results[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "<!doctype html>", "{}", string(study)} {
		if _, err := ReadRun("a", strings.NewReader(text)); !errors.Is(err, ErrNoRun) {
			t.Errorf("%.20q gives %v, want %v", text, err, ErrNoRun)
		}
	}
}
