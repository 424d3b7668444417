//go:build verify || shots

package e2e

import (
	"strconv"
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
)

// steps is an experiment whose lanes are measured after every update.
const steps = "cards?lane=sft,steps=4,style=y&lane=grpo,steps=2,beta=0&eval_every=1&eval_prompts=16"

// shows has what the page shows of a run, by what it is.
const shows = `(() => {
	document.querySelector(".as-table").open = true;
	const text = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent).join("|");
	return {table: text(".as-table td"), picture: text(".still text"), score: text("[data-place=score] td"),
		cost: text("[data-place=cost] td"), answers: text("[data-place=answers] li"), verdict: text("[data-place=verdict]")};
})()`

// awaitShown waits until the page shows all of this.
func (p lab) awaitShown(want map[string]string) {
	p.t.Helper()
	for what, text := range want {
		p.Wait(time.Minute, shows+"."+what+" === "+quote(text))
	}
}

// chooseStop moves the slider of the time line.
func (p lab) chooseStop(at int) {
	p.t.Helper()
	p.Run(`const slider = document.querySelector("#timeline"); slider.value = ` + strconv.Itoa(at) +
		`; slider.dispatchEvent(new Event("input", {bubbles: true}))`)
}

// Going back along the time line shows every picture, table, answer and number as it was then, in
// either direction, also for a run that was loaded again, and changes nothing of the run.
func TestVerifyTheTimeLineShowsWhatWas(t *testing.T) {
	p := openLab(t, steps, axe(t))
	p.awaitRest()
	shown := make([]map[string]string, 5)
	for i := range shown {
		if i > 0 {
			p.Run("posttrain.step(1)")
			p.Wait(time.Minute, "posttrain.state().lanes[0].step === "+strconv.Itoa(i))
		}
		p.awaitRest()
		p.Wait(time.Minute, `document.querySelector("[data-place=where]").innerText.includes("`+
			strconv.Itoa(i)+`/4")`)
		shown[i] = p.stands()
	}
	digests := p.digests()
	check := func(order ...int) {
		t.Helper()
		for _, i := range order {
			p.chooseStop(i)
			p.awaitShown(shown[i])
		}
	}
	check(2, 0, 3, 1, 4)
	p.chooseStop(2)
	p.reads(".timeline output", "as it was after 2 of 4 updates")
	if found := browser.Eval[[]string](p.Page, violations("window")); len(found) > 0 {
		t.Errorf("%q", found)
	}
	p.Click(`//div[@data-place="timeline"]//button[normalize-space()="Back to now"]`)
	p.awaitShown(shown[4])
	equal(t, p.digests(), digests)

	p.awaitSaved(4, p.state().Lanes[1].Step)
	p.reload()
	p.awaitRest()
	check(1, 3)
	p.Click("[data-place=rewind]")
	p.Wait(time.Minute, "document.querySelector('[data-place=timeline]').hidden")
	equal(t, p.train(time.Minute), digests)
}

// stands returns what the page shows once it has not changed for a while.
func (p lab) stands() (shown map[string]string) {
	p.t.Helper()
	p.Wait(time.Minute, `(() => {
		const now = JSON.stringify(`+shows+`);
		if (globalThis.stood?.what !== now) globalThis.stood = {what: now, since: performance.now()};
		return performance.now() - globalThis.stood.since > 1000;
	})()`)
	return browser.Eval[map[string]string](p.Page, shows)
}

// The run is shown again slowly, one measurement after the other, up to
// the present.
func TestVerifyTheTimeLinePlays(t *testing.T) {
	p := openLab(t, steps)
	p.train(time.Minute)
	p.Run(`globalThis.said = []; new MutationObserver(() => {
		const text = document.querySelector(".timeline output").innerText;
		if (text !== said.at(-1)) said.push(text);
	}).observe(document.querySelector(".timeline"), {childList: true, subtree: true, characterData: true})`)
	p.Click(`//div[@data-place="timeline"]//button[normalize-space()="Show it again slowly"]`)
	p.Wait(time.Minute, `said.includes("as it was after 3 of 4 updates") &&
		said.at(-1) === "after 4 of 4 updates"`)
	// the run may have been drawn once more before
	said := browser.Eval[[]string](p.Page, `said.slice(said[0] === "after 4 of 4 updates" ? 1 : 0)`)
	want := []string{"as it was after 0 of 4 updates", "as it was after 1 of 4 updates",
		"as it was after 2 of 4 updates", "as it was after 3 of 4 updates", "after 4 of 4 updates"}
	if len(said) != len(want) {
		t.Fatalf("the time line says %q", said)
	}
	for i := range want {
		if said[i] != want[i] {
			t.Errorf("at stop %d the time line says %q, want %q", i, said[i], want[i])
		}
	}
}
