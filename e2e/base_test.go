package e2e

import (
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
)

// A base that only the link describes is computed when Run is pressed, once for both lanes, ends in
// the bits of the command line, and is found again by a page that is opened later.
func TestBaseOfALink(t *testing.T) {
	const link = "cards?base=cards,dim=128,layers=2,steps=200&lane=sft,steps=20&lane=grpo,steps=10"
	p := openFirst(t, link)
	p.reads(".where", "Run first computes the base")
	p.Run("posttrain.run()")
	p.reads(".where", "Computing the base")
	want := native(t, link)
	equal(t, p.train(10*time.Minute), want)

	p.Run("globalThis.isOld = true; location.reload()")
	p.Wait(time.Minute, "!globalThis.isOld && window.posttrain && "+
		"posttrain.state().lanes.length === 2 && "+
		"posttrain.state().lanes.every((l) => l.digest)")
	p.reads(".where", "0/20")
	equal(t, p.train(10*time.Minute), want)
}

// What would take a page too long is refused before it begins, with the command for a terminal.
func TestBaseThatIsTooLarge(t *testing.T) {
	p := lab{chromium.Again(t), t}
	p.visit("/#cards?base=cards,size=full&lane=sft")
	p.Wait(time.Minute, "window.posttrain")
	p.reads(".notice", "two minutes is the most: want fewer steps, a smaller dim or fewer layers")
	p.reads(".notice", "posttrain run 'cards?")
	if !browser.Eval[bool](p.Page, "document.querySelector('button.run').disabled") {
		t.Error("Run can be pressed")
	}
}

// The settings of the base are controls, and a link has those that differ.
func TestBaseIsSet(t *testing.T) {
	p := openLab(t, "cards?lane=sft,steps=2")
	p.Run(`document.querySelector("details[data-path=base]").open = true`)
	p.Run(`const field = document.querySelector("[data-path='base/steps'] input");
		field.value = "3"; field.dispatchEvent(new Event("change"))`)
	p.Wait(time.Minute, `posttrain.link().includes("&base=cards,steps=3&")`)
	p.reads(".where", "Run first computes the base")
	p.Run(`const field = document.querySelector("[data-path='base/heads'] input");
		field.value = "3"; field.dispatchEvent(new Event("change"))`)
	p.reads("[data-path='base/heads'] .complaint", "cannot divide the 64 channels of dim")
}
