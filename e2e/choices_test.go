package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/posttrain/posttrain/e2e/browser"
)

// begun runs a lab until every lane has made an update, and pauses it.
func (p lab) begun() {
	p.t.Helper()
	p.Run("document.querySelector('button.run').click()") // wherever a notice moves it to
	p.Wait(time.Minute, "posttrain.state().lanes.every((l) => l.step > 0)")
	p.Run("posttrain.pause()")
	p.awaitRest()
}

const held = "document.querySelector('button.run').disabled"

// While a setting cannot be used, nothing is trained with another one: Run and Step wait until it
// is right or restored.
func TestARefusedSettingHoldsRunBack(t *testing.T) {
	p := openLab(t, unhurried)
	at := p.link()
	const rate = `[data-path="0/0/lr"] input`
	p.Fill(rate, "much")
	p.reads(".where", "Run waits: learning rate of SFT cannot be “much”. Correct it, or press "+
		"Escape in its field to restore it.")
	if !browser.Eval[bool](p.Page,
		held+" && [...document.querySelectorAll('.transport button')].find((b) => b.innerText "+
			"=== 'Step').disabled") {
		t.Error("Run and Step are not held back")
	}
	p.Run("posttrain.run(); posttrain.step(1)")
	if s := p.state(); s.Running {
		t.Error("a program can run it all the same")
	}

	p.Fill(`[data-path="1/0/lr"] input`, "0,5") // another one, after which everything is drawn anew
	p.reads(".where", "Run waits for 2 settings")
	p.Fill(`[data-path="1/0/steps"] input`, "39")
	p.Wait(time.Minute, "posttrain.link().includes('steps=39')")
	if got := browser.Eval[string](p.Page,
		"document.querySelector('[data-path=\"0/0/lr\"] input').value"); got != "much" ||
		!browser.Eval[bool](p.Page, held) {
		t.Errorf("another change has put %q in the place of what was written", got)
	}
	p.Fill(`[data-path="1/0/lr"] input`, "0.0005")
	p.reads(".where", "Run waits: learning rate of SFT")
	p.Run("document.querySelector('[data-path=\"0/0/lr\"] input').focus()")
	p.Press(kb.Escape)
	p.Wait(time.Minute, "!"+held+" && !document.querySelector('[aria-invalid]')")
	p.Wait(time.Minute, "document.querySelector('.where').innerText.includes('SFT 0/80') && "+
		"document.querySelector('[data-path=\"0/0/lr\"] .complaint').innerText === ''")
	if now := p.link(); now == at || strings.Contains(now, "much") {
		t.Errorf("the link is %s", now)
	}

	// A setting of the base is one of no lane.
	p.Run(`document.querySelector("details[data-path=base]").open = true`)
	const size = `[data-path="base/steps"] input`
	p.Fill(size, "many")
	p.reads(".where", "cannot be “many”")
	p.Run("document.querySelector('" + size + "').focus()")
	p.Press(kb.Escape)
	p.Wait(time.Minute, "!"+held)

	// Run pressed in the middle of writing takes up what was written, or waits.
	p.Run("const f = document.querySelector('" + rate + "'); f.focus(); f.select()")
	p.Press("0.004")
	p.Click("button.run")
	p.Wait(time.Minute, "posttrain.state().running && posttrain.link().includes('lr=0.004')")
	p.Fill(rate, "0,5")
	p.reads(`[data-path="0/0/lr"] .complaint`, "0,5")
	p.reads("button.run", "Pause")
	if browser.Eval[bool](p.Page, held) {
		t.Error("a run that has begun cannot be paused")
	}
	p.Run("posttrain.pause()")
	p.Wait(time.Minute, held)
	p.Fill(rate, "0.004")
	p.Wait(time.Minute, "!"+held)
	p.Fill(".seed input", "-1")
	p.reads(".where", "Run waits: seed cannot be “-1”.")
	p.Choose("#menu", "parity")
	p.Wait(time.Minute, "posttrain.link().startsWith('parity') && !"+held)
}

// Settings that differ from their defaults or between lanes are in view; the others are folded
// away.
func TestWhatMakesADifferenceIsInView(t *testing.T) {
	p := openLab(t,
		"cards?lane=grpo,steps=2,temp=0.7&lane=grpo,steps=2&lane=grpo,steps=2,eps_high=0.3,eps_low=0.1&eval_prompts=16")
	seen := func(path string) bool {
		return browser.Eval[bool](p.Page,
			"document.querySelector('[data-path=\""+path+"\"] input').checkVisibility()")
	}
	for path, want := range map[string]bool{"0/0/temp": true, "1/0/temp": true,
		"2/0/eps_high": true, "1/0/eps_high": true, "0/0/eps_low": true, "0/0/steps": true,
		"0/0/batch": false, "1/0/entropy": false} {
		if browser.Eval[bool](p.Page,
			"document.querySelector('[data-path=\""+path+"\"]') === null") {
			t.Errorf("there is no setting %s", path)
		} else if seen(path) != want {
			t.Errorf("%s is in view: %v, want %v", path, !want, want)
		}
	}
	p.Fill(`[data-path="0/0/temp"] input`, "1")
	p.Wait(time.Minute, "!document.querySelector('[data-path=\"1/0/temp\"] "+
		"input').checkVisibility()")
}

// Back and Forward lead from experiment to experiment. Changes of one are no steps of their own. A
// run that is left is there again, where it was, when the visitor comes back.
func TestBackAndForward(t *testing.T) {
	p := openFirst(t, short, slowStage) // a tab with many visits behind it counts no more of them
	first, entries := p.link(), browser.Eval[int](p.Page, "history.length")
	p.Choose("#menu", "parity")
	p.Wait(time.Minute, "posttrain.link().startsWith('parity')")
	p.Fill(".seed input", "7")
	p.Wait(time.Minute, "posttrain.link().includes('seed=7')")
	second := p.link()
	p.Choose("#menu", "task/cards")
	p.Wait(time.Minute, "posttrain.link().startsWith('cards')")
	third := p.link()
	if now := browser.Eval[int](p.Page, "history.length"); now != entries+2 {
		t.Errorf("two other experiments and a change have made %d entries", now-entries)
	}
	is := func(link string) {
		t.Helper()
		p.Wait(time.Minute, "posttrain.link() === "+quote(link)+" && location.hash === '#' + "+
			quote(link))
	}
	for _, step := range []struct{ go_, link string }{{"back", second}, {"back", first},
		{"forward", second}, {"forward", third}} {
		p.Run("history." + step.go_ + "()")
		is(step.link)
	}

	p.begun()
	left := p.digests()
	p.Choose("#menu", "parity")
	p.Wait(time.Minute, "posttrain.link().startsWith('parity')")
	p.Run("history.back()")
	is(third)
	p.awaitDigests(left)
	p.Run("location.hash = 'razor'")
	p.Wait(time.Minute, "posttrain.link().startsWith('razor')")
	p.Run("history.go(-2)")
	is(second)
	p.Run("history.forward()")
	is(third)
	p.awaitDigests(left)
}

// An experiment inside another page adds no entries to the history, since Back must leave that
// page.
func TestNoHistoryInAFrame(t *testing.T) {
	p := lab{chromium.Open(t), t} // as above
	p.visit("/course.html")
	p.Run(`const f = document.createElement("iframe"); f.src = "embed.html?start#` + short +
		`"; f.id = "own"; document.body.prepend(f)`)
	p.Wait(time.Minute, "document.querySelector('#own').contentWindow.posttrain?.link()")
	entries := browser.Eval[int](p.Page, "history.length")
	p.Run(`const d = document.querySelector("#own").contentDocument; d.querySelector("#paste").value = "parity"; d.querySelector("form.paste").requestSubmit()`)
	p.Wait(time.Minute,
		"document.querySelector('#own').contentWindow.posttrain.link().startsWith('parity') && "+
			"document.querySelector('#own').contentWindow.location.hash.startsWith('#parity')")
	if now := browser.Eval[int](p.Page, "history.length"); now != entries {
		t.Errorf("another experiment in a frame has made %d entries", now-entries)
	}
}

// A lane that is added after others have run is shown as waiting, and the verdict on the others
// stays.
func TestALaneThatWaits(t *testing.T) {
	p := openLab(t, short)
	p.train(time.Minute)
	p.Wait(time.Minute, "document.querySelector('.verdict .headline').innerText.includes('GRPO')")
	headline := browser.Eval[string](p.Page,
		"document.querySelector('.verdict .headline').innerText")
	p.Click(button("Add a lane"))
	p.reads(".where", "SFT-2 has not been trained yet: Run trains it.")
	p.reads(".verdict table", "–")
	if said := browser.Eval[string](p.Page,
		"document.querySelector('.verdict .headline').innerText"); said != headline {
		t.Errorf("with a lane that waits the verdict is %q, want %q", said, headline)
	}
	p.Fill(`[data-path="2/0/steps"] input`, "2")
	p.Wait(time.Minute, "posttrain.link().endsWith('lane=sft,steps=2')")
	p.reads("button.run", "Run")
	p.Click("button.run")
	p.Wait(time.Minute, "posttrain.state().done")
	p.Wait(time.Minute, "!document.querySelector('.verdict table').innerText.includes('–') && "+
		"!document.querySelector('.where').innerText.includes('not been trained')")
}

// A link behind a ? is taken up like one behind a #, or refused with the address. Keys that do
// nothing are named.
func TestALinkBehindAQuestionMark(t *testing.T) {
	p := lab{chromium.Again(t), t}
	for path, want := range map[string]string{
		"/?cards&lane=sft,steps=3&eval_prompts=16": "cards?",
		"/?parity?seed=3":                          "parity?",
		"/embed.html?parity&seed=3":                "parity?",
		"/?x=1":                                    firstExhibit + "?",
	} {
		p.visit(path)
		p.Wait(time.Minute, "window.posttrain && posttrain.link().startsWith("+quote(want)+")")
		if at := browser.Eval[string](p.Page,
			"location.search + location.hash"); want != firstExhibit+"?" && at != "#"+p.link() {
			t.Errorf("%s leads to %s", path, at)
		}
	}
	p = openRefused(t, "/?card&lane=sft")
	p.reads(".refusal", "has no recipe: want one after a #")
	if shown := browser.Eval[string](p.Page,
		"document.querySelector('.refusal textarea').value"); shown != address+"/?card&lane=sft" {
		t.Errorf("the link to repair is %s", shown)
	}
	p.visit("/#cards?lane=sft&theme=dark&tab=race")
	p.reads(".notice", "Theme and tab in the link have no effect on this page.")
}
