package e2e

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/posttrain/posttrain/e2e/browser"
)

// focused is what the element with the focus says, as an expression.
const focused = `document.activeElement.innerText`

// A term opens its entry, with the mouse and with the keyboard, on a desk and on a telephone; an
// entry leads to others, and Escape leads back.
func TestTermsLeadToTheGlossary(t *testing.T) {
	p := openLab(t, "memorise?eval_prompts=16&lane=sft,steps=1&lane=grpo,steps=1")
	const open = "document.getElementById('glossary')?.open === true"
	const closed = "document.getElementById('glossary') === null"
	entryHasFocus := func(name string) {
		t.Helper()
		p.Wait(time.Minute, open+` && document.activeElement.dataset.entry === "`+name+`"`)
	}

	p.Click("//*[contains(@class, 'about')]//span[text()='SFT']")
	entryHasFocus("sft")
	p.reads("#glossary [aria-current]", "Supervised fine-tuning")
	p.Click("#glossary [data-entry=sft] .term")
	entryHasFocus("policy")
	p.Press(kb.Escape)
	p.Wait(time.Minute, closed)

	p.Show(browser.View{Width: 390, Height: 844})
	p.Click("#open-glossary")
	p.Wait(time.Minute, open+" && "+focused+` === "Glossary"`)
	if wide := browser.Eval[int](p.Page, "document.documentElement.scrollWidth"); wide > 390 {
		t.Errorf("with the glossary open the page is %d pixels wide on a telephone of 390", wide)
	}
	p.Press("\t", kb.Enter)
	p.Wait(time.Minute, closed)
	if got := browser.Eval[string](p.Page, focused); got != "Glossary" {
		t.Errorf("after the glossary was closed the focus is on %q, want the button that opened it",
			got)
	}
}

// Texts of all kinds have terms: what is tried, what happened, the numbers, the pictures, the
// settings; and each text has a term once.
func TestTextsHaveTerms(t *testing.T) {
	p := openLab(t, "memorise?eval_prompts=16&lane=sft,steps=1&lane=grpo,steps=1")
	p.train(time.Minute)
	for place, term := range map[string]string{
		".about > p": "SFT", ".changes .note": "nats", ".where": "digests",
		".verdict > div > .small": "seed",
		".recipe .base > .small":  "lane", ".recipe .lane .small": "demonstration",
		".field p":               "verifier",
		`[data-knob=group] .doc`: "group", `[data-knob=style] .doc`: "own style",
	} {
		p.Wait(time.Minute, `[...document.querySelectorAll(`+quote(place)+`)].some((text) =>
			[...text.querySelectorAll(".term")].filter((t) => t.textContent === `+quote(term)+`).length === 1)`)
	}
}

// In a frame that is as high as what is in it, the glossary opens beside the word that was chosen.
func TestTheGlossaryInACourse(t *testing.T) {
	p := lab{chromium.Again(t), t}
	p.visit("/course.html")
	p.Run("document.querySelector('#element').scrollIntoView()") // it is loaded then
	const frame = "document.querySelector('#element iframe')"
	const root = frame + ".contentDocument.documentElement"
	p.Wait(time.Minute, frame+"?.contentDocument?.querySelector('.start-lab')")
	p.Run(frame + ".contentDocument.querySelector('.start-lab').click()")
	p.Wait(time.Minute, frame+".contentWindow.posttrain && "+root+".scrollHeight > 1500 && "+
		root+".scrollHeight <= "+root+".clientHeight + 1")
	p.Run(frame + `.contentDocument.querySelector(".recipe .base > .small .term").click()`)
	far := browser.Eval[float64](p.Page, `((page) => {
		const top = (e) => page.querySelector(e).getBoundingClientRect().top;
		return top(".recipe .base > .small .term") - top("#glossary");
	})(`+frame+`.contentDocument)`)
	if far < 0 || far > 800 {
		t.Errorf("the glossary opens %v pixels above its word", far)
	}
}
