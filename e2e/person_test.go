package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/posttrain/posttrain/e2e/browser"
)

// unhurried is an experiment that can be interrupted, and cut short by its steps.
const unhurried = "cards?lane=sft,steps=80,style=y&lane=grpo,steps=40,beta=0&eval_every=20&eval_prompts=16"

// button returns the XPath of a button with a text.
func button(text string) string { return `//button[normalize-space()="` + text + `"]` }

// A visitor runs, pauses, steps and rewinds, changes this and that, copies the link, and gets from
// the command line what the page has computed.
func TestAsAPersonUsesIt(t *testing.T) {
	p := openDrawn(t, unhurried)
	p.awaitRest()
	p.awaitStage()

	p.Click("button.run")
	p.reads("button.run", "Pause")
	p.Wait(time.Minute, "posttrain.state().lanes.every((l) => l.step > 0)")
	p.Click("button.run")
	p.reads("button.run", "Run")
	p.awaitRest()
	paused := p.state()
	for _, l := range paused.Lanes {
		if l.Done || l.Step == 0 || l.Step >= l.Steps {
			t.Errorf("lane %s has been paused at step %d of %d", l.Label, l.Step, l.Steps)
		}
	}
	p.Run("globalThis.paused = posttrain.state().lanes")
	p.Click(button("Step"))
	p.Wait(time.Minute, "posttrain.state().lanes.every((l, i) => l.step === paused[i].step + 1)")
	p.awaitRest()
	for i, l := range p.state().Lanes {
		if l.Digest == paused.Lanes[i].Digest {
			t.Errorf("lane %s is after a step what it was before", l.Label)
		}
	}
	p.Click(button("Rewind"))
	p.Wait(time.Minute, "posttrain.state().lanes.every((l) => l.step === 0 && l.digest)")
	p.reads(".verdict", "Nothing has been trained yet")

	p.Fill(".seed input", "7")
	p.Wait(time.Minute, "posttrain.link().includes('seed=7')")
	p.Fill(`[data-path="0/0/lr"] input`, "fast")
	p.reads(`[data-path="0/0/lr"] .complaint`, "fast")
	p.Fill(`[data-path="0/0/lr"] input`, "0,002")
	p.reads(`[data-path="0/0/lr"] .complaint`, "0,002: write 0.002, with a point.")
	p.Fill(`[data-path="0/0/lr"] input`, "2e-3")
	p.Wait(time.Minute, "posttrain.link().includes('lr=0.002')")
	p.Choose(`[data-path="0/0/style"] select`, "x")
	p.Wait(time.Minute, "!posttrain.link().includes('style=y')")
	p.Fill(`[data-path="0/0/steps"] input`, "4")
	p.Wait(time.Minute, "posttrain.link().includes('steps=4')")
	p.Fill(`[data-path="1/0/steps"] input`, "2")
	p.Wait(time.Minute, "posttrain.link().includes('steps=2,') || "+
		"posttrain.link().endsWith('steps=2')")

	p.Click("button.run")
	p.Wait(time.Minute, "posttrain.state().done")
	p.reads("button.run", "Run again")
	link, digests := p.copied("copy-link"), p.digests()
	if want := address + "/#" + p.link(); link != want {
		t.Errorf("the link is %s, want %s", link, want)
	}
	command := p.copied("copy-command")
	if want := "posttrain run '" + p.link() + "'"; command != want {
		t.Errorf("the command is %s, want %s", command, want)
	}
	equal(t, digests, native(t, p.link()))
	p.Click("button.run")
	p.Wait(time.Minute, "posttrain.state().running")
	p.Wait(time.Minute, "posttrain.state().done")
	equal(t, p.digests(), digests)

	again := openDrawn(t, strings.TrimPrefix(link, address+"/#"))
	equal(t, again.train(time.Minute), digests)
}

// copied returns what is in the clipboard after the button beside a field was clicked.
func (p lab) copied(field string) string {
	p.t.Helper()
	p.Permit("clipboard-read")
	p.Run(`globalThis.copied = false; const button = document.querySelector("#` + field + ` + button");
		new MutationObserver(() => { copied ||= button.innerText.includes("Copied"); }).observe(button, { childList: true })`) // it says so for two seconds
	p.Click(`//input[@id="` + field + `"]/following-sibling::button`)
	p.Wait(time.Minute, "copied")
	return browser.Eval[string](p.Page, "navigator.clipboard.readText()")
}

// Everything can be reached and used with the keyboard alone, and nothing holds it fast.
func TestByKeyboardAlone(t *testing.T) {
	p := openDrawn(t, short)
	p.awaitRest()
	p.awaitStage()
	const focused = `(() => {
		const e = document.activeElement;
		return e === document.body ? "body" : (e.tagName + " " + (e.closest("[data-path]")?.dataset.path ?? "") + " " + (e.id || e.textContent || e.getAttribute("aria-label") || "")).trim();
	})()`
	all := browser.Eval[int](p.Page, `[...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")].filter((e) => {
		const seen = e.matches(".term, .refer") && e.closest(".knob") || e; // what is said of a setting is there once that has the focus
		return seen.checkVisibility() && !e.disabled && e.tabIndex >= 0;
	}).length`)
	var order []string
	seen := map[string]bool{}
	for range 2 * all {
		p.Press(kb.Tab)
		at := browser.Eval[string](p.Page, focused)
		if at == "body" && len(order) > 0 {
			break // round the end, through the browser itself
		}
		order = append(order, at)
		seen[at] = true
	}
	if len(order) < all-5 || len(order) > all+5 {
		t.Errorf("Tab meets %d places, there are %d: %q", len(order), all, order)
	}
	for _, want := range []string{"Run", "Step", "Rewind", "Add a lane", "copy-link", "tab-race"} {
		if !strings.Contains(strings.Join(order, "\n"), want) {
			t.Errorf("Tab never meets %s: %q", want, order)
		}
	}
	for range 3 {
		p.PressShift(kb.Tab)
	}

	to := func(text string) {
		t.Helper()
		for range 2 * all {
			if strings.Contains(browser.Eval[string](p.Page, focused), text) {
				return
			}
			p.Press(kb.Tab)
		}
		t.Fatalf("Tab does not lead to %q", text)
	}
	to("tab-race")
	p.Press(kb.ArrowRight)
	p.Wait(time.Minute, "document.activeElement.id === 'tab-tree' && "+
		"document.activeElement.ariaSelected === 'true'")
	p.Press(kb.ArrowLeft)
	p.Wait(time.Minute, "document.activeElement.id === 'tab-race'")
	to("0/0/style")
	p.Press(kb.ArrowUp)
	p.Wait(time.Minute, "!posttrain.link().includes('style=y')")
	p.awaitRest()
	to("The same as a table")
	p.Press(kb.Enter)
	p.Wait(time.Minute, "document.querySelector('.as-table').open && "+
		"document.querySelector('.as-table td')")
	to("BUTTON  Run")
	p.Press(" ")
	p.Wait(time.Minute, "posttrain.state().done")
	if !browser.Eval[bool](p.Page, "document.activeElement.matches('button.run')") {
		t.Errorf("after the run the focus is on %s, not where it was",
			browser.Eval[string](p.Page, focused))
	}
	p.Press(kb.Enter)
	p.Wait(time.Minute, "!posttrain.state().done")
	p.Wait(time.Minute, "posttrain.state().done")
}

// Who has clicked into the drawing gets out of it with the keyboard, and can scroll over it with
// the wheel.
func TestTheDrawingHoldsNobody(t *testing.T) {
	p := openDrawn(t, short)
	p.awaitRest()
	p.awaitStage()
	const inDrawing = "document.activeElement?.matches('#stage iframe')"
	p.Click("#stage iframe")
	p.Wheel("#stage iframe", 300)
	p.Wait(time.Minute, "scrollY > 0")
	for _, leave := range []func(){func() { p.Press(kb.Tab) }, func() { p.PressShift(kb.Tab) }} {
		p.Click("#stage iframe")
		for range 3 {
			if browser.Eval[bool](p.Page, inDrawing) {
				leave()
			}
		}
		if browser.Eval[bool](p.Page, inDrawing) {
			t.Error("the drawing keeps the focus")
		}
	}
}
