package e2e

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
	"github.com/posttrain/posttrain/e2e/browser"
)

// smallResults writes the results of a small study into a compressed file, and returns its path and
// the results.
func smallResults(t *testing.T) (file string, results []cells.Result) {
	t.Helper()
	var text bytes.Buffer
	w := gzip.NewWriter(&text)
	for _, c := range []design.Cell{
		{Arm: "sft", Config: "sft,steps=2,style=y", Seed: 8, Part: design.Tune},
		{Arm: "sft", Config: "sft,steps=2,style=y", Seed: 9, Part: design.Judge},
		{Arm: "sft", Config: "sft,steps=3,style=y", Seed: 9, Part: design.Judge},
		{Arm: "grpo", Config: "grpo,steps=2,beta=0", Seed: 9, Part: design.Judge},
	} {
		seed := "8"
		if c.Seed == 9 {
			seed = "9"
		}
		r, err := recipe.Standard().Parse("cards?seed=" + seed +
			"&eval_every=1&eval_prompts=16&lane=" + c.Config)
		if err != nil {
			t.Fatal(err)
		}
		o, err := cells.Run(t.Context(), r, cells.Options{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		c.Experiment, c.Link = "small", o.Link
		results = append(results, cells.NewResult(c, o))
		line, err := cells.Encode(results[len(results)-1])
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write(line)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "small.jsonl.gz")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, results
}

// drop drops a file on a document, as somebody does who drags it from a folder. It is an error if
// the page does not take it, since the browser would open it then.
func (p lab) drop(document, name, text string) {
	p.t.Helper()
	if !browser.Eval[bool](p.Page, `(() => {
		const data = new DataTransfer();
		data.items.add(new File([`+quote(text)+`], `+quote(name)+`));
		const dropped = {dataTransfer: data, bubbles: true, cancelable: true};
		return !`+document+`.body.dispatchEvent(new DragEvent("drop", dropped));
	})()`) {
		p.t.Errorf("%s is dropped, and the browser opens it", name)
	}
}

// Runs of a study stand on the page as they were measured, are marked as replayed, and are trained
// here when somebody runs them.
func TestReplay(t *testing.T) {
	file, results := smallResults(t)
	p := openDrawn(t, "", axe(t))
	clean := func() {
		t.Helper()
		if found := browser.Eval[[]string](p.Page, violations("window")); len(found) > 0 {
			t.Errorf("%q", found)
		}
	}
	p.Upload("#replayed", file)
	p.reads("dialog.replay", "4 runs")
	if says := p.text("dialog.replay option:checked"); says != "Seed 9, judged" {
		t.Errorf("the first choice is %q", says)
	}
	if n := browser.Eval[int](p.Page,
		"document.querySelectorAll('dialog.replay :checked:not(option)').length"); n != 2 {
		t.Errorf("%d runs are chosen at first, want one of each arm", n)
	}
	clean()
	p.Click("dialog.replay .runs label:nth-child(2)") // the other config too
	p.Click("dialog.replay .run")
	p.reads("[data-place=where]", "Replayed from small.jsonl.gz, not trained here")
	state := p.state()
	if len(state.Lanes) != 3 || state.Running {
		t.Fatalf("the page shows %+v", state)
	}
	for i, r := range results[1:] {
		lane := state.Lanes[i]
		if lane.Step != r.Steps || !lane.Done || lane.Digest != "" {
			t.Errorf("lane %d is %+v", i, lane)
		}
		for _, metric := range []string{"eval/id/accuracy", "eval/prior/accuracy"} {
			if lane.Metrics[metric] != r.After[metric] {
				t.Errorf("lane %d has %s of %v, want %v", i, metric, lane.Metrics[metric],
					r.After[metric])
			}
		}
	}
	p.reads("[data-place=kicker]", "Replayed, not trained here")
	p.Wait(time.Minute, "document.querySelector('[data-place=verdict] .changes')")
	p.awaitStage()
	clean()
	if tabs := p.text("[data-place=tabs]"); strings.Contains(tabs, "Tree") ||
		!strings.Contains(tabs, "Race") {
		t.Errorf("the pictures are %q", tabs)
	}
	if !browser.Eval[bool](p.Page, "document.querySelector('[data-place=step]').disabled") {
		t.Error("a step can be made of what is replayed")
	}
	p.Click("[data-place=run]") // the same recipe, here
	p.Wait(5*time.Minute, "posttrain.state().done && "+
		"posttrain.state().lanes.every((l) => l.digest)")
	for i, lane := range p.state().Lanes {
		if want := results[i+1].Digest; lane.Digest != want {
			t.Errorf("lane %d trained here has digest %s, want %s", i, lane.Digest, want)
		}
	}
	if says := p.text("[data-place=where]"); strings.Contains(says, "Replayed") {
		t.Errorf("what was trained here is said to be %q", says)
	}
}

// Whatever else is dropped is refused with a sentence, and what is open stays.
func TestReplayOfSomethingElse(t *testing.T) {
	p := openDrawn(t, short)
	p.awaitRest()
	p.awaitStage()
	for want, file := range map[string][2]string{
		"Report.html does not hold the results of a study: want results.jsonl": {"report.html",
			"<!doctype html>"},
		"Results.jsonl is empty":                     {"results.jsonl", ""},
		"Machines.jsonl: line 1: unknown field \"id": {"machines.jsonl", "{\"ident\": 1}\n"},
	} {
		p.drop("document", file[0], file[1])
		p.reads("[data-place=notice]", want)
	}
	p.drop("document.querySelector('#stage iframe').contentDocument", "notes.txt", "Hello")
	p.reads("[data-place=notice]", "Notes.txt does not hold")
	if link := p.link(); !strings.Contains(link, "steps=3") {
		t.Errorf("the page has opened %q", link)
	}
}
