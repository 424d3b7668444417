//go:build verify

package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/e2e/browser"
	"github.com/posttrain/posttrain/wasm/stage/scene"
)

// Every exhibit, gone through as a person does, every third one with the keyboard alone, ends in
// the page with the bits of the command line, and within a minute on two cores that have nothing
// else to do. What is held is the processor's time, since a clock would measure the rest of the
// machine as well; it has the search for what keeps people out, too.
func TestVerifyExhibits(t *testing.T) {
	const within = time.Minute
	for i, e := range recipe.Standard().Exhibits() {
		t.Run(e.Name, func(t *testing.T) {
			want := native(t, e.Name)
			p := openFirst(t, e.Name, axe(t))
			p.awaitRest()
			p.awaitStage()
			before, start := p.CPU()["renderer"], time.Now()
			visitor{p, i%3 == 0}.goesThrough(e)
			equal(t, p.digests(), want)
			renderer := p.CPU()["renderer"] - before
			t.Logf("%s took %.1f s, with %.1f s of the processor for the page and its workers",
				e.Name, time.Since(start).Seconds(), renderer)
			if renderer > cores*within.Seconds() {
				t.Errorf("%s needs %.1f s of a processor, so it takes longer than %v on %d cores",
					e.Name, renderer, within, cores)
			}
			p.Go("about:blank")
		})
	}
}

// Every scene can be saved: see TestPicturesAreSaved.
func TestVerifyEveryPictureIsSaved(t *testing.T) {
	missing := map[string]bool{}
	for _, s := range scene.All() {
		missing[s.Name] = true
	}
	for _, link := range []string{shortStories + "&passk=4",
		"hacking?eval_prompts=16&lane=rlhf,steps=1", "densities"} {
		p := openLab(t, link, intoSaved)
		p.train(5 * time.Minute)
		p.awaitRest()
		for _, tab := range browser.Eval[[]string](p.Page,
			"[...document.querySelectorAll('[role=tab]')].map((e) => e.id)") {
			p.Click("#" + tab)
			name := strings.TrimPrefix(tab, "tab-")
			p.savesScene(name)
			delete(missing, name)
		}
	}
	for name := range missing {
		t.Errorf("no link has the scene %s", name)
	}
}

// Other runs wait while there is no core for them, stop with Pause and go on with Run.
func TestVerifyOtherSeedsArePaused(t *testing.T) {
	p := openLab(t, unhurried)
	p.Choose("#repeats", "seeds 3")
	p.begun()
	p.reads("button.run", "Run")
	p.Run("posttrain.run()")
	p.Wait(5*time.Minute, "posttrain.state().done")
	p.reads("button.run", "Pause") // for the other seeds
	p.Click("button.run")
	p.reads("button.run", "Run")
	p.Click("button.run")
	p.Wait(5*time.Minute, `document.querySelector("[data-place=where]").innerText.includes("3 of 3 runs have ended")`)
	p.reads("button.run", "Run again")
}
