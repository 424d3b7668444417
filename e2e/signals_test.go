//go:build verify || shots

package e2e

import (
	"slices"
	"testing"
	"time"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/e2e/browser"
)

// idle is the failing lane of an exhibit of the failure museum, on fewer prompts.
const idle = "failure_groups?eval_prompts=64&eval_every=10&lane=grpo,group=2,beta=0,steps=50"

// noticed runs a link natively and returns what is found in its lanes.
func noticed(t *testing.T, link string) []recipe.Notice {
	t.Helper()
	r, err := recipe.Standard().Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	lanes, labels := r.Signals(), r.Labels()
	_, err = study.Run(t.Context(), r, study.Options{Threads: 1, Observe: func(e protocol.Event) {
		lanes[slices.Index(labels, e.Lane)].Add(e)
	}})
	if err != nil {
		t.Fatal(err)
	}
	return r.Notices(lanes)
}

// A failure of the museum shows its sign in the page, with the numbers that it has natively:
// when it is trained, after a reload, and when it is taken from a file. The cure is one button.
func TestVerifyWarningSigns(t *testing.T) {
	want := noticed(t, idle)
	if len(want) != 1 || want[0].Name != "idle_groups" {
		t.Fatalf("natively %+v is found", want)
	}
	p := openLab(t, idle, axe(t))
	if shown := browser.Eval[bool](p.Page,
		"document.querySelector('.signals').checkVisibility()"); shown {
		t.Error("there is a warning sign before the run")
	}
	p.Run(`window.said = [];
		const status = document.querySelector("[data-place=status]");
		new MutationObserver(() => said.push(status.innerText)).observe(status, { childList: true })`)
	p.train(5 * time.Minute)
	signed := func() {
		t.Helper()
		p.reads(".signal h3", want[0].Title)
		p.reads(".signal", want[0].Measured)
		p.reads(".signal .next", want[0].Cure.Says)
		if n := browser.Eval[int](p.Page, "document.querySelectorAll('.signal').length"); n != 1 {
			t.Errorf("there are %d warning signs", n)
		}
	}
	signed()
	said := browser.Eval[[]string](p.Page, "said")
	const told = "Warning sign in GRPO: Hardly any group teaches."
	if n := len(slices.DeleteFunc(said, func(s string) bool { return s != told })); n != 1 {
		t.Errorf("it is announced %d times: %q", n, said)
	}
	p.Run("document.querySelector('.signal details').open = true")
	for _, view := range []browser.View{{Width: 1440, Height: 900, Dark: true, Calm: true},
		{Width: 1440, Height: 900, Calm: true}, {Width: 360, Height: 800, Calm: true}} {
		p.Show(view)
		if found := browser.Eval[[]string](p.Page, violations("window")); len(found) > 0 {
			t.Errorf("%+v: %q", view, found)
		}
	}
	p.awaitSaved(50)
	p.reload()
	signed()

	p.Click(".signal .next button")
	p.Wait(time.Minute, "posttrain.link().includes('group=16')")
	p.Wait(time.Minute, "!document.querySelector('.signals').checkVisibility()")
	if link := p.link(); link != want[0].Cure.Link {
		t.Errorf("the cure leads to %s, want %s", link, want[0].Cure.Link)
	}
	if focused := browser.Eval[string](p.Page, "document.activeElement.dataset.place"); focused !=
		"run" {
		t.Errorf("after the cure the focus is on %q", focused)
	}
	p.kept(1) // what it was before

	p.drop("document", "run.jsonl", string(printed(t, idle)))
	p.reads("[data-place=where]", "Replayed from run.jsonl, not trained here")
	signed()
	p.Click(".signal h3 button") // Close
	p.Wait(time.Minute, "!document.querySelector('.signals').checkVisibility()")
}

// A link can hide warning signs, and a run that goes well has none.
func TestVerifyNoWarningSigns(t *testing.T) {
	p := openLab(t, idle+"&hide=signals")
	p.train(5 * time.Minute)
	if browser.Eval[bool](p.Page, "document.querySelector('.signals').checkVisibility()") {
		t.Error("there is a warning sign although the link hides them")
	}
	p = openLab(t, short)
	p.train(5 * time.Minute)
	if browser.Eval[bool](p.Page, "document.querySelector('.signals').checkVisibility()") {
		t.Error("there is a warning sign in a run of two updates")
	}
}
