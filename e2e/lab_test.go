package e2e

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
)

// short is an experiment that takes a second.
const short = "cards?lane=sft,steps=3,style=y&lane=grpo,steps=2,beta=0&eval_every=3&eval_prompts=16"

// A lab is a page with window.posttrain.
type lab struct {
	*browser.Page
	t testing.TB
}

// openLab opens the lab with a link and waits until it can be used. Scripts run in every document
// before its own. The program that draws does not start, since drawing without a graphics card
// takes more time than most of what is tested: a still picture stands in for the drawing.
func openLab(t testing.TB, link string, before ...string) lab {
	t.Helper()
	return openLabIn(chromium.Again(t), t, link, append(before, slowStage)...)
}

// openDrawn is openLab with the program that draws.
func openDrawn(t testing.TB, link string, before ...string) lab {
	t.Helper()
	return openLabIn(chromium.Again(t), t, link, before...)
}

// openFirst opens the lab in a browser that has not seen it yet.
func openFirst(t testing.TB, link string, before ...string) lab {
	t.Helper()
	return openLabIn(chromium.Open(t), t, link, before...)
}

func openLabIn(tab *browser.Page, t testing.TB, link string, before ...string) lab {
	t.Helper()
	p := lab{tab, t}
	for _, script := range before {
		p.Before(script)
	}
	p.visit("/#" + link)
	p.Wait(time.Minute, "window.posttrain && !document.querySelector('button.run').disabled")
	return p
}

// visit opens a page of the site.
func (p lab) visit(path string) {
	p.t.Helper()
	if err := remember(); err != nil {
		p.t.Fatal(err)
	}
	p.Go(address + path)
}

// remember looks at everything that the site's programs are made from. The go command takes note of
// what a test looks at, so it repeats these tests when that has changed; what TestMain looks at it
// does not hear of.
var remember = sync.OnceValue(func() error {
	for _, dir := range []string{"core", "wasm", "cmd"} {
		err := filepath.WalkDir(filepath.Join(tree, dir),
			func(name string, d fs.DirEntry, err error) error {
				if err == nil && !d.IsDir() && !strings.HasSuffix(name, "_test.go") {
					_, err = os.Stat(name)
				}
				return err
			})
		if err != nil {
			return err
		}
	}
	return nil
})

// A state is the result of posttrain.state().
type state struct {
	Running, Done bool
	Lanes         []struct {
		Label       string
		Step, Steps int
		Done        bool
		Metrics     map[string]float64
		Digest      string
	}
}

func (p lab) state() state {
	p.t.Helper()
	return browser.Eval[state](p.Page, "posttrain.state()")
}

func (p lab) link() string {
	p.t.Helper()
	return browser.Eval[string](p.Page, "posttrain.link()")
}

// digests returns the digests of all lanes by label.
func (p lab) digests() map[string]string {
	p.t.Helper()
	found := map[string]string{}
	for _, l := range p.state().Lanes {
		found[l.Label] = l.Digest
	}
	return found
}

// train runs all lanes to their end and returns their digests.
func (p lab) train(limit time.Duration) map[string]string {
	p.t.Helper()
	p.Run("posttrain.run()")
	p.Wait(limit, "posttrain.state().done")
	return p.digests()
}

// awaitRest waits until every lane stands still.
func (p lab) awaitRest() {
	p.t.Helper()
	p.Wait(time.Minute, "posttrain.state().lanes.every((l) => l.digest)")
}

// awaitStage waits until something is drawn.
func (p lab) awaitStage() {
	p.t.Helper()
	p.Wait(time.Minute, "document.querySelector('#stage "+
		"iframe').contentDocument.querySelector('#words span') && document.querySelector('#stage "+
		"iframe').contentDocument.querySelector('canvas')")
}

// reads waits until a text can be read in an element.
func (p lab) reads(selector, text string) {
	p.t.Helper()
	p.Wait(time.Minute, "document.querySelector("+quote(selector)+").innerText.includes("+
		quote(text)+")")
}

func quote(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func equal(t testing.TB, got, want map[string]string) {
	t.Helper()
	if !maps.Equal(got, want) {
		t.Errorf("the lanes end with %v, want %v", got, want)
	}
}

// printed returns what the command line prints of a run: a line for each event, and its result.
func printed(t *testing.T, link string) []byte {
	t.Helper()
	run := exec.CommandContext(t.Context(), "go", "run", "./cmd/posttrain", "run", link, "--json",
		"--cache", t.TempDir())
	var complaints bytes.Buffer
	run.Dir, run.Stderr = tree, &complaints
	out, err := run.Output()
	if err != nil {
		t.Fatalf("posttrain run '%s': %v\n%s", link, err, complaints.Bytes())
	}
	return out
}

// An end is where a lane has come to, as the command line says it.
type end struct {
	Label, Digest string
	Metrics       map[string]float64
}

// ends returns where the lanes have come to, from what the command line has printed of a run.
func ends(t *testing.T, out []byte) []end {
	t.Helper()
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	var done struct{ Lanes []end }
	if err := json.Unmarshal(lines[len(lines)-1], &done); err != nil {
		t.Fatal(err)
	}
	return done.Lanes
}

// printedDigests returns the lanes' digests from what the command line has printed of a run.
func printedDigests(t *testing.T, out []byte) map[string]string {
	t.Helper()
	digests := map[string]string{}
	for _, l := range ends(t, out) {
		digests[l.Label] = l.Digest
	}
	return digests
}

// native runs a link on the command line and returns the lanes' digests.
func native(t *testing.T, link string) map[string]string {
	t.Helper()
	return printedDigests(t, printed(t, link))
}

var shortDigests map[string]string

// endsLikeShort compares with what the command line gives for short.
func endsLikeShort(t *testing.T, got map[string]string) {
	t.Helper()
	if shortDigests == nil {
		shortDigests = native(t, short)
	}
	equal(t, got, shortDigests)
}
