package study

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

// Three kinds of lane: a chain, one that updates twice with each batch, and one
// that keeps a buffer for its whole stage.
const tinyLink = "cards?eval_every=2&eval_prompts=3&lane=sft,steps=2,batch=4~grpo,steps=3,batch=2,group=3,epochs=2&lane=rft,steps=3,batch=4"

func parse(t testing.TB, link string) *recipe.Recipe {
	t.Helper()
	r, err := recipe.Standard().Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// tinyPlan returns the lanes of a recipe on a random model that is quick to train.
func tinyPlan(r *recipe.Recipe) ([]train.Lane, error) {
	lanes, err := r.Plan()
	base := model.NewParams(model.Config{Vocab: r.Task.Vocab(), Dim: 8, Layers: 1, Heads: 2,
		Hidden: 6, Context: 20})
	base.Init(1)
	for i := range lanes {
		lanes[i].Base = base
	}
	return lanes, err
}

// tiny opens the lanes of tinyPlan.
func tiny(r *recipe.Recipe) func() ([]recipe.Opener, error) {
	return func() ([]recipe.Opener, error) {
		lanes, err := tinyPlan(r)
		return recipe.Openers(lanes), err
	}
}

// tally is what a run did, as text that can be compared: its result and, by
// lane, its events, all without seconds.
type tally struct {
	result string
	events map[string][]string
}

func (a tally) equal(b tally) bool {
	for lane := range a.events {
		if !slices.Equal(a.events[lane], b.events[lane]) {
			return false
		}
	}
	return a.result == b.result && len(a.events) == len(b.events)
}

func inJSON(t testing.TB, v any) string {
	t.Helper()
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(text.String())
}

// run runs a recipe on the tiny model and adds its events to the earlier ones. at,
// unless nil, is called with the number of each event.
func run(t testing.TB, ctx context.Context, r *recipe.Recipe, o Options, before tally,
	at func(n int)) (tally, error) {
	t.Helper()
	done := tally{events: map[string][]string{}}
	for lane, events := range before.events {
		done.events[lane] = slices.Clone(events)
	}
	n := 0
	o.Observe = func(e protocol.Event) {
		e.Cost.Seconds = 0
		done.events[e.Lane] = append(done.events[e.Lane], inJSON(t, e))
		if n++; at != nil {
			at(n)
		}
	}
	result, err := runOpenings(ctx, r, tiny(r), o)
	if err != nil {
		return done, err
	}
	done.result = withoutSeconds(t, result)
	return done, nil
}

func withoutSeconds(t testing.TB, result *Result) string {
	t.Helper()
	for i := range result.Lanes {
		result.Lanes[i].Cost.Seconds = 0
	}
	return inJSON(t, result)
}

// whole runs a recipe from its start to its end without a folder.
func whole(t testing.TB, r *recipe.Recipe) (done tally, events int) {
	t.Helper()
	done, err := run(t, context.Background(), r, Options{Threads: 1}, tally{},
		func(n int) { events = n })
	if err != nil {
		t.Fatal(err)
	}
	return done, events
}

// ticking returns a clock that goes on by more than saveEvery at every call.
func ticking() func() float64 {
	now := 0.0
	return func() float64 {
		now += saveEvery + 1
		return now
	}
}

func files(t testing.TB, path string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(path, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(data)
	}
	return all
}
