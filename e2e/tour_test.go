package e2e

import (
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/e2e/browser"
)

// A visitor goes through an exhibit from its first sentence to its verdict, with a mouse or with
// the keyboard alone.
type visitor struct {
	lab
	keys bool // has only the keyboard
}

// use clicks what a selector finds, or goes there with Tab and presses Enter.
func (v visitor) use(selector string) {
	v.t.Helper()
	if !v.keys {
		v.Click(selector)
		return
	}
	v.tabTo(selector)
	v.Press(kb.Enter)
}

// tabTo presses Tab until the focus is on what a selector finds.
func (v visitor) tabTo(selector string) {
	v.t.Helper()
	there := "document.activeElement.matches(" + quote(selector) + ")"
	for range 400 { // no page has so many places
		if browser.Eval[bool](v.Page, there) {
			return
		}
		v.Press(kb.Tab)
	}
	v.t.Fatalf("Tab does not lead to %s", selector)
}

// isOpenToAll reports what keeps somebody out of the page as it is, in light and in dark.
func (v visitor) isOpenToAll(when string) {
	v.t.Helper()
	for _, dark := range []bool{true, false} {
		v.Show(browser.View{Width: 1440, Height: 900, Dark: dark, Calm: true})
		for _, found := range browser.Eval[[]string](v.Page, violations("window")) {
			v.t.Errorf("%s, dark is %v: %s", when, dark, found)
		}
	}
}

// goesThrough reads what an exhibit is about, guesses, runs it, pauses and goes on, looks at every
// picture and its table, and reads the verdict. The page's complaints and what it asks of other
// hosts fail the test by themselves.
func (v visitor) goesThrough(e recipe.Exhibit) {
	v.t.Helper()
	v.reads("h1", e.Title)
	for _, selector := range []string{"[data-place=lead]", "[data-place=intro]",
		"[data-place=field]"} {
		if v.text(selector) == "" {
			v.t.Errorf("%s says nothing", selector)
		}
	}
	v.isOpenToAll("at first")

	guess := v.text(".choices button:first-child")
	v.use(".choices button:first-child")
	v.Wait(time.Minute, "document.querySelector('.choices [aria-pressed=true]')")
	v.use("button.run")
	v.Wait(time.Minute, "posttrain.state().lanes.some((l) => l.step > 0)")
	v.use("button.run")
	v.awaitRest()
	v.isOpenToAll("in the middle")
	if !v.state().Done {
		v.use("button.run")
	}
	v.Wait(5*time.Minute, "posttrain.state().done")
	v.awaitRest()

	// the verdict quotes names that are descriptions
	v.Wait(time.Minute, "document.querySelector('.verdict').innerText.replaceAll(/[“”]/g, '')"+
		".includes("+quote("You guessed "+guess)+")")
	if v.text(".verdict .headline") == "" {
		v.t.Error("there is no verdict")
	}
	v.looksAtPictures()
	v.isOpenToAll("at the end")
}

// looksAtPictures opens every picture, and its table.
func (v visitor) looksAtPictures() {
	v.t.Helper()
	if !browser.Eval[bool](v.Page, "document.querySelector('.as-table').open") {
		v.use(".as-table summary")
	}
	tabs := browser.Eval[[]string](v.Page,
		"[...document.querySelectorAll('[role=tab]')].map((e) => e.id)")
	start := 0 // at the tab that is chosen, which is the one that has the focus among them
	if v.keys {
		v.tabTo("[role=tab]")
		start = slices.Index(tabs, browser.Eval[string](v.Page, "document.activeElement.id"))
	}
	for i := range tabs {
		tab := tabs[(start+i)%len(tabs)]
		switch {
		case !v.keys:
			v.Click("#" + tab)
		case i > 0:
			v.Press(kb.ArrowRight)
		}
		v.Wait(time.Minute, "document.querySelector('#"+tab+"').ariaSelected === 'true' && "+
			"document.querySelector('.caption').innerText.length > 40")
	}
}

// Three exhibits as a person goes through them; the long tier has all.
func TestThreeExhibitsAsAPerson(t *testing.T) {
	for i, name := range []string{"densities", "failure_overfit", "failure_confused"} {
		e, err := recipe.Standard().Exhibit(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			p := openLab(t, name, axe(t))
			p.awaitRest()
			visitor{p, i == 0}.goesThrough(e)
		})
	}
}
