package e2e

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
)

// pages finds the pages of a PDF file.
var pages = regexp.MustCompile(`/Type\s*/Page\b`)

// The lab report has what was guessed, trained and measured, the digests, the link and the
// visitor's notes, alone and on one sheet of paper.
func TestTheLabReport(t *testing.T) {
	const link = "memorise?lane=sft,steps=3,style=y&lane=grpo,steps=2&eval_prompts=16"
	p := openLab(t, link, axe(t))
	p.Click(".choices button:nth-child(2)")
	digests := p.train(time.Minute)
	p.Wait(time.Minute, "document.querySelector('.verdict .changes')")
	p.Click(`//button[normalize-space()="Lab report"]`)
	p.Fill("#notes", "It went\nas I thought.")
	p.reads("dialog .notes", "as I thought")
	shown := func(selector string) string {
		t.Helper()
		return browser.Eval[string](p.Page, "[...document.querySelectorAll("+quote(selector)+
			")].map((e) => e.innerText).join()")
	}
	for what, want := range map[string]string{
		"h2":          shown("h1"),
		"header":      "Guessed before the run: GRPO",
		".headline":   shown(".verdict .headline"),
		".changes td": shown(".verdict .changes td"),
		".cost td":    shown(".card.cost td"),
		"figcaption":  strings.TrimSuffix(shown(".caption"), " "+shown(".caption .refer")),
		".framed svg": "SFT",
		".check":      p.link(),
	} {
		got := browser.Eval[string](p.Page, `[...document.querySelectorAll("dialog .sheet `+what+
			`")].map((e) => e.innerText ?? e.textContent).join()`)
		if want == "" || !strings.Contains(got, want) {
			t.Errorf("%s of the report is %q, and not %q", what, got, want)
		}
	}
	for label, digest := range digests {
		p.reads("dialog .sheet .check", digest)
		if digest == "" {
			t.Errorf("lane %s has no digest", label)
		}
	}
	if modules := browser.Eval[string](p.Page,
		"document.querySelector('.qr').getAttribute('viewBox')"); len(modules) < len("0 0 29 29") {
		t.Errorf("the code has the view box %q", modules)
	}
	for _, dark := range []bool{false, true} {
		p.Show(browser.View{Width: 1280, Height: 900, Dark: dark, Calm: true})
		if found := browser.Eval[[]string](p.Page, violations("window")); len(found) > 0 {
			t.Errorf("dark is %v: %q", dark, found)
		}
	}
	p.Show(browser.View{Width: 720, Height: 1000, Paper: true})
	if seen := browser.Eval[[]string](p.Page, `[...document.querySelectorAll(
		"button, textarea, dialog, .lab, .top, .foot")].filter((e) => e.checkVisibility()).map((e) => e.className)`); len(seen) > 0 {
		t.Errorf("on paper there is more than the report: %q", seen)
	}
	if n := len(pages.FindAll(p.Print(), -1)); n != 1 {
		t.Errorf("the report has %d pages", n)
	}
	p.Show(widthOfDesktop)
	p.Click(`//dialog//button[normalize-space()="Close"]`)
	p.Click(`//button[normalize-space()="Lab report"]`)
	p.Wait(time.Minute, `document.querySelector("#notes")?.value.includes("as I thought")`)
}
