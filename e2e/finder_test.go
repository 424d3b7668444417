//go:build verify || shots

package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/posttrain/posttrain/core/guide"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/e2e/browser"
	"github.com/posttrain/posttrain/studies"
)

const (
	finderOpen   = "document.querySelector('dialog.finder')?.open === true"
	finderClosed = "!document.querySelector('dialog.finder')"
)

// found waits for a part of the finder, by the title of its tab.
func (p lab) found(tab string) {
	p.t.Helper()
	p.Wait(time.Minute, finderOpen+" && document.querySelector('.finder [aria-selected=true]')."+
		"innerText === "+quote(tab)+" && document.querySelector('.finder-body > *')")
}

// tabTo presses Tab until an expression about the element with the focus, e, is true.
func (p lab) tabTo(what string) {
	p.t.Helper()
	const most = 200
	for range most {
		p.Press(kb.Tab)
		if browser.Eval[bool](p.Page, "((e) => !!("+what+"))(document.activeElement)") {
			return
		}
	}
	p.t.Fatalf("after Tab %d times no element has the focus with %s", most, what)
}

// From the front door to a running exhibit by one click, and without the door once another one is
// open.
func TestVerifyTheFrontDoor(t *testing.T) {
	p := openLab(t, "")
	for what, wrong := range map[string]string{
		"no door": `!document.querySelector("#door").checkVisibility()`,
		"no picture of all lanes": `document.querySelectorAll(
			"#door .sketch svg .stroke:not(.line)").length !== 4`,
		"no picture that moves, or one that moves for long": `!["sweep"].includes(
			getComputedStyle(document.querySelector("#door .moving")).animationName) ||
			parseFloat(getComputedStyle(document.querySelector("#door .moving")).animationDuration) > 5`,
	} {
		if browser.Eval[bool](p.Page, wrong) {
			t.Errorf("the page opens with %s", what)
		}
	}
	c, err := recipe.WhoseWords.Curves()
	if err != nil {
		t.Fatal(err)
	}
	last := c.Lanes[1].Values[len(c.Lanes[1].Values)-1]
	p.reads("#door figcaption", "SFT, foreign style "+prose.Percent(last))
	p.Click("#enter")
	p.Wait(time.Minute, "posttrain.state().running && document.activeElement.matches('button.run')")
	p.Run("posttrain.pause()")
	p.awaitRest()
	p.Run("await posttrain.load('densities')")
	if browser.Eval[bool](p.Page, "document.querySelector('#door') !== null") {
		t.Error("the door stands before another exhibit")
	}
	q := openLab(t, short)
	if browser.Eval[bool](q.Page, "document.querySelector('#door')?.checkVisibility() ?? false") {
		t.Error("the door stands before a link")
	}
	q.visit("/embed.html#" + short)
	q.Wait(time.Minute, "window.posttrain")
	if browser.Eval[bool](q.Page,
		"document.querySelector('#door, .turn, [data-find], dialog') !== null") {
		t.Error("an embedded lab has ways to other exhibits")
	}
	calm := openAt(t, browser.View{Width: 1440, Height: 900, Calm: true}, "")
	if browser.Eval[bool](calm.Page,
		"getComputedStyle(document.querySelector('#door .moving')).animationName !== 'none'") {
		t.Error("the picture moves although motion is not welcome")
	}
}

// From the front door to a running exhibit with the keyboard alone: the gallery, a search, an
// exhibit, Run.
func TestVerifyToAnExhibitByKeyboardAlone(t *testing.T) {
	p := openLab(t, "")
	p.tabTo("e.closest('#door') && e.dataset.find === 'exhibits'")
	p.Press(kb.Enter)
	p.found("Exhibits")
	p.Wait(time.Minute, "document.activeElement.matches('[role=searchbox]')")
	p.Press("two-mode densities")
	p.reads(".finder [role=status]", "1 of 22 exhibits")
	p.tabTo("e.closest('[data-exhibit=densities]')")
	p.Press(kb.Enter)
	p.Wait(time.Minute, finderClosed+" && posttrain.link().startsWith('densities?') && "+
		"document.activeElement.matches('button.run')")
	p.Press(kb.Enter)
	p.Wait(time.Minute, "posttrain.state().done")
	p.Run("history.back()")
	p.Wait(time.Minute, "posttrain.link().startsWith('"+firstExhibit+"?')")
}

// The gallery is searched by title, question, method, task and term, says how much it finds, and
// can be told from an address.
func TestVerifyTheGalleryIsSearched(t *testing.T) {
	p := openLab(t, "gallery") // no exhibit, but a place of the page
	p.found("Exhibits")
	if link := p.link(); !strings.HasPrefix(link, firstExhibit+"?") {
		t.Errorf("beside the gallery %s is open", link)
	}
	all := browser.Eval[[]string](p.Page,
		"[...document.querySelectorAll('.tile')].map((e) => e.dataset.exhibit)")
	if len(all) != len(recipe.Standard().Exhibits()) {
		t.Errorf("the gallery has %q", all)
	}
	const shown = "[...document.querySelectorAll('.tile')].filter((e) => e.checkVisibility())" +
		".map((e) => e.dataset.exhibit)"
	for asked, want := range map[string][]string{
		"remember or understand": {"memorise"}, "LUFFY": {"hybrids"},
		"cards imitation":   nil, // several
		"Arithmetic storie": {"whose_words"}, "xyzzy": {},
	} {
		p.Fill(".finder [role=searchbox]", asked)
		p.Wait(time.Minute, "document.querySelector('.finder [role=status]').innerText !== ''")
		got := browser.Eval[[]string](p.Page, shown)
		if want == nil && len(got) < 2 || want != nil && !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", asked, got, want)
		}
		said := browser.Eval[string](p.Page,
			"document.querySelector('.finder [role=status]').innerText")
		if prefix := fmt.Sprintf("%d of %d", len(got), len(all)); len(got) > 0 &&
			!strings.HasPrefix(said, prefix) || len(got) == 0 && !strings.HasPrefix(said, "No ") {
			t.Errorf("%q finds %d and says %q", asked, len(got), said)
		}
		if browser.Eval[bool](p.Page, "[...document.querySelectorAll('.gallery section')].some("+
			"(e) => e.checkVisibility() && !e.querySelector('li:not([hidden])'))") {
			t.Errorf("%q leaves a heading without exhibits", asked)
		}
	}
	p.Fill(".finder [role=searchbox]", "memorises")
	p.Click("[data-exhibit=memorise] a")
	p.Wait(time.Minute, finderClosed+" && posttrain.link().startsWith('memorise?')")
	p.Run("location.hash = 'methods'")
	p.found("Methods")
	if link := p.link(); !strings.HasPrefix(link, "memorise?") ||
		!browser.Eval[bool](p.Page, "location.hash === '#' + posttrain.link()") {
		t.Errorf("beside the methods %s is open", link)
	}
}

// Next leads through all exhibits in their order, Previous back, and the browser's Back as well.
func TestVerifyNextAndPrevious(t *testing.T) {
	p := openLab(t, "")
	open := func(name string) {
		t.Helper()
		p.Wait(time.Minute, "posttrain.link().startsWith('"+name+"?')")
	}
	all := recipe.Standard().Exhibits()
	seen := func(selector string) bool {
		return browser.Eval[bool](p.Page,
			"document.querySelector("+quote(selector)+").checkVisibility()")
	}
	const before, after = "[data-place=before]", "[data-place=after]"
	if seen(before) {
		t.Error("something is before the first exhibit")
	}
	next := func(e recipe.Exhibit) {
		t.Helper()
		p.Wait(time.Minute, "document.querySelector('"+after+"').title === "+quote(e.Title))
		p.Click(after)
		open(e.Name)
		p.Wait(time.Minute, "document.querySelector('h1').innerText === "+quote(e.Title))
	}
	for _, e := range all[1:3] {
		next(e)
	}
	p.Run("await posttrain.load(" + quote(all[len(all)-4].Name) + ")")
	for _, e := range all[len(all)-3:] {
		next(e)
	}
	if seen(after) || !seen(before) {
		t.Error("something is after the last exhibit, or nothing before it")
	}
	last := len(all) - 1
	p.Click(before)
	open(all[last-1].Name)
	p.Run("history.back()")
	open(all[last].Name)
	p.Run("history.go(-3)")
	open(all[last-3].Name)
	p.reads("h1", all[last-3].Title)
	p.Run("await posttrain.load(" + quote(short) + ")")
	if seen(before) || seen(after) {
		t.Error("an experiment that is no exhibit has neighbours")
	}
}

// A method is found by a word and by what it takes, and becomes that of the lane that is chosen.
// Where the recipe cannot have it, it opens elsewhere.
func TestVerifyMethodsAreFound(t *testing.T) {
	p := openLab(t, short)
	p.Click("#methods")
	p.found("Methods")
	const shown = "[...document.querySelectorAll('[data-method]')].filter((e) => " +
		"e.checkVisibility()).map((e) => e.dataset.method)"
	if got := browser.Eval[[]string](p.Page, shown); len(got) != len(method.All()) {
		t.Errorf("%d methods are shown, want %d", len(got), len(method.All()))
	}
	p.Click(button("Stronger teacher"))
	p.reads(".finder [role=status]", "of "+fmt.Sprint(len(method.All()))+" methods")
	if got := browser.Eval[[]string](p.Page, shown); !slices.Contains(got, "opd") ||
		slices.Contains(got, "grpo") {
		t.Errorf("a teacher is taken by %q", got)
	}
	p.Click(button("Stronger teacher"))
	p.Fill(".finder [role=searchbox]", "decoupled clip")
	if got := browser.Eval[[]string](p.Page, shown); !slices.Contains(got, "dapo") ||
		len(got) > 10 {
		t.Errorf("a decoupled clip has %q", got)
	}
	p.Choose("#find-lane", "1")
	p.Fill(".finder [role=searchbox]", "dapo")
	p.Click("[data-method=dapo] button")
	p.Wait(time.Minute, finderClosed+" && posttrain.link().includes('lane=dapo,steps=2') && "+
		"document.activeElement.value === 'dapo'")
	if link := p.link(); !strings.Contains(link, "lane=sft,steps=3,style=y") &&
		!strings.Contains(link, "lane=sft,lr") {
		t.Errorf("the other lane has changed: %s", link)
	}
	p.train(time.Minute)

	p.Run("await posttrain.load('densities')")
	p.Click("#methods")
	p.found("Methods")
	p.Fill(".finder [role=searchbox]", "luffy")
	p.Click("[data-method=luffy] button")
	p.Wait(time.Minute, finderClosed+" && posttrain.link().startsWith('cards?') && "+
		"posttrain.link().includes('lane=luffy')")

	p.Run("await posttrain.load('maze?lane=grpo,steps=2')") // a task without a teacher
	p.Click("#methods")
	p.found("Methods")
	p.Fill(".finder [role=searchbox]", "opd")
	p.Click("[data-method=opd] button")
	p.Wait(time.Minute, finderClosed+" && posttrain.link().startsWith('cards?') && "+
		"posttrain.link().includes('lane=opd')")
}

// The guide opens beside the lab with what the recipe's lanes take, answers as posttrain guide
// does, and opens a recipe of its answer here.
func TestVerifyTheGuideIsAPanel(t *testing.T) {
	all, err := studies.Evidence()
	if err != nil {
		t.Fatal(err)
	}
	data := guide.Data{Studies: all, Exhibits: recipe.Standard().ExhibitsByTask()}
	p := openLab(t, "memorise")
	p.Click("#guide")
	p.found("Which method?")
	same(t, p.answered(), data, guide.Asked{Have: "demos,verifier", Application: "maths"})
	if at := browser.Eval[string](p.Page, "location.pathname + location.search"); at != "/" {
		t.Errorf("the guide has led to %s", at)
	}
	p.Click("label[for=have-demos]")
	p.Click("label[for=need-retain]")
	p.reads("#told h2", "older skills")
	got := p.answered()
	same(t, got, data, guide.Asked{Have: "verifier", Need: "retain", Application: "maths"})
	p.Click("#told .methods a")
	p.Wait(time.Minute, finderClosed+" && posttrain.link().includes('base=')")
	opened := strings.TrimPrefix(got.Links[0], "./#")
	want, err := recipe.Standard().Parse(opened)
	if err != nil {
		t.Fatal(err)
	}
	if link := p.link(); link != want.Link() {
		t.Errorf("the answer has opened %s, want %s", link, want.Link())
	}
}

// The picture and the lab can be seen in full screen, and the picture has the room then.
func TestVerifyFullScreen(t *testing.T) {
	p := openLab(t, short)
	p.awaitRest()
	for place, element := range map[string]string{"wholePicture": ".stage", "wholeLab": "#lab"} {
		before := browser.Eval[float64](p.Page, "document.querySelector('.picture').clientHeight")
		p.Click("[data-place=" + place + "]")
		p.Wait(time.Minute, "document.fullscreenElement?.matches("+quote(element)+") && "+
			"document.querySelector('[data-place="+place+"]').ariaPressed === 'true'")
		if after := browser.Eval[float64](p.Page,
			"document.querySelector('.picture').clientHeight"); element == ".stage" &&
			after < before {
			t.Errorf("in full screen the picture is %v pixels high, and was %v", after, before)
		}
		p.Run("await document.exitFullscreen()")
		p.Wait(time.Minute, "!document.fullscreenElement && document.querySelector('[data-place="+
			place+"]').ariaPressed === 'false'")
	}
	q := openLab(t, short,
		"Object.defineProperty(Document.prototype, 'fullscreenEnabled', { get: () => false })")
	if browser.Eval[bool](q.Page, "[...document.querySelectorAll('[data-place^=whole]')].some("+
		"(e) => e.checkVisibility())") {
		t.Error("where there is no full screen, there are buttons for it")
	}
}

// Each part of the finder for everybody, in light and in dark, wide and narrow; and the page with
// its front door.
func TestVerifyTheFinderShutsNobodyOut(t *testing.T) {
	p := openLab(t, "", axe(t))
	p.awaitRest()
	for _, part := range []string{"", "gallery", "methods", "guide"} {
		if part != "" {
			p.Run("document.getElementById(" + quote(part) + ").click()")
			p.Wait(time.Minute, finderOpen+" && document.querySelector('.finder-body > *')")
		}
		if part == "guide" {
			p.answered()
		}
		for _, view := range []browser.View{{Width: 1440, Height: 900, Dark: true, Calm: true},
			{Width: 1440, Height: 900, Calm: true}, {Width: 360, Height: 800, Calm: true}} {
			p.Show(view)
			if found := browser.Eval[[]string](p.Page, violations("window")); len(found) > 0 {
				t.Errorf("%q, %+v: %q", part, view, found)
			}
			if wide := browser.Eval[int64](p.Page, "Math.max(document.documentElement.scrollWidth,"+
				" document.querySelector('.finder-body')?.scrollWidth ?? 0)"); wide > view.Width {
				t.Errorf("%q is %d pixels wide in a window of %d", part, wide, view.Width)
			}
		}
		if part != "" {
			p.Press(kb.Escape)
			p.Wait(time.Minute, finderClosed)
		}
	}
}
