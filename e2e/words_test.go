package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
)

// text returns the visible text of an element of the page.
func (p lab) text(selector string) string {
	p.t.Helper()
	return browser.Eval[string](p.Page, "document.querySelector("+quote(selector)+").innerText")
}

// A run in which no update changed a weight says so and why, beside its verdict, or below its
// scores where that is hidden.
func TestARunThatTeachesNothing(t *testing.T) {
	p := openLab(t, "cards?eval_prompts=16&lane=grpo,group=1,steps=2&lane=sft,steps=2")
	p.train(time.Minute)
	const why = "No update changed a weight: each prompt was answered once (group=1)"
	p.reads(".verdict", "GRPO learned nothing")
	p.reads(".verdict", why)
	p.reads(".recipe", "How to read A1194=1215")
	p.reads(".recipe", "1+1+9+4 is 15")
	if next := browser.Eval[int](p.Page, "document.querySelectorAll('.next').length"); next != 0 {
		t.Error("there is a heading over nothing to try next")
	}
	p.Run(`posttrain.load("cards?eval_prompts=16&hide=verdict&lane=grpo,group=1,steps=2")`)
	p.Wait(time.Minute, `posttrain.link().includes("hide=verdict")`)
	p.train(time.Minute)
	p.reads(".score", why)
}

// The verdict on an exhibit begins with what decides it, compares it with the guess, explains the
// marks that are there and no others, and takes the place of the score.
func TestTheVerdictBeginsWithWhatDecides(t *testing.T) {
	p := openLab(t,
		"failure_collapse?eval_prompts=16&lane=grpo,lr=2e-3,beta=0,steps=2&lane=grpo,lr=2e-3,beta=0,entropy=0.05,steps=2")
	p.reads(".score", "naming neighbours")
	p.Click(".choices button:nth-of-type(3)")
	p.train(time.Minute)
	p.reads(".verdict .headline", "entropy")
	p.reads(".changes tbody tr:first-of-type", "rule A, nats per token")
	p.reads(".guessed", "You guessed no difference: ")
	marks := browser.Eval[string](p.Page,
		`[...new Set([...document.querySelectorAll(".changes .arrow")].map((e) => e.firstChild.textContent))].join("")`)
	explained := browser.Eval[string](p.Page,
		`[...document.querySelectorAll(".verdict .small")].map((e) => e.textContent).join("")`)
	for _, mark := range []string{"▲", "▼", "≈"} {
		if strings.Contains(marks, mark) != strings.Contains(explained, mark) {
			t.Errorf("the table has the marks %q, and below it stands %q", marks, explained)
		}
	}
	if browser.Eval[bool](p.Page, `document.querySelector(".score").checkVisibility()`) {
		t.Error("the score says once more what the verdict says")
	}
	p.Run("posttrain.reset()")
	p.reads(".score", "naming neighbours")

	p.Run(`posttrain.load("hacking?lane=rlhf,steps=1&lane=dpo,group=4,steps=1")`)
	p.Wait(time.Minute, `posttrain.link().startsWith("hacking")`)
	p.train(time.Minute)
	p.reads(".changes", "Score that is learned from")
}

// While nothing has been measured after an update, the page says that training has begun, not that
// it has not.
func TestTrainingHasBegun(t *testing.T) {
	p := openLab(t, "cards?eval_prompts=16&eval_every=100000&lane=sft,steps=100000")
	p.reads(".verdict", "Nothing has been trained yet")
	p.Run("posttrain.run()")
	p.Wait(time.Minute, "posttrain.state().lanes[0].step > 0")
	p.reads(".verdict", "Training has begun")
	p.Run("posttrain.pause()")
}

// What an exhibit suggests is a button that takes it up, and there is a way back. The first one
// leads to an update in detail, also of a run that has ended: it begins again, and is on the shelf.
func TestTryNext(t *testing.T) {
	p := openLab(t, "memorise?seed=3&eval_prompts=16&lane=sft,steps=2&lane=grpo,steps=2")
	p.train(time.Minute)
	p.reads(".next", "Try next")
	p.Click(button("Look at one update slowly: what each lane pushes, and why"))
	p.Click(button("Rewind, and take the first step slowly"))
	p.walked(1)
	p.reads("[data-place=shelf]", "finished")
	p.train(time.Minute)
	p.Click(".next button:nth-of-type(2)")
	p.Wait(time.Minute, `posttrain.link().includes("lane=sft,lr=0.003,steps=300&lane=grpo")`)
	if !strings.Contains(p.link(), "seed=3") {
		t.Errorf("the seed is gone: %s", p.link())
	}
	p.Wait(time.Minute, `document.activeElement.classList.contains("run")`)
	p.reads(".verdict", "Nothing has been trained yet")
}

// Answers that can be partly right have a number and no tick. Costs that are not counted have no
// row.
func TestGradedAnswersAndCosts(t *testing.T) {
	p := openLab(t, "taste?eval_prompts=16&lane=sft,steps=1")
	p.train(time.Minute)
	// three at each of two levels
	p.Wait(time.Minute, `document.querySelectorAll(".answers-grid .graded").length === 6`)
	if got := browser.Eval[int](p.Page,
		`document.querySelectorAll(".answers-grid .answers:first-of-type :is(.right, .wrong)").length`); got != 0 {
		t.Errorf("%d graded answers have a tick or a cross", got)
	}
	p.reads(".answers-grid", "gold reward, from 0 to 1")
	p.Run(`posttrain.load("densities?lane=sft,steps=2")`)
	p.Wait(time.Minute, `posttrain.link().startsWith("densities")`)
	p.train(time.Minute)
	p.reads(".cost", "demonstrations")
	if cost := p.text(".cost"); strings.Contains(cost, "FLOP") || strings.Contains(cost, "memory") {
		t.Errorf("what two densities do not take has a row: %s", cost)
	}
}
