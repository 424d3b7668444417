package e2e

import (
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
)

// A base that only the link describes is computed when Run is pressed, once for both lanes, ends in
// the bits of the command line, and is found again by a page that is opened later.
func TestBaseOfALink(t *testing.T) {
	const link = "cards?base=cards,dim=128,layers=2,steps=40&eval_prompts=16" +
		"&lane=sft,steps=8&lane=grpo,steps=4"
	p := openFirst(t, link)
	p.reads(".where", "Run first computes the base")
	p.Run("posttrain.run()")
	p.reads(".where", "Computing the base")
	want := native(t, link)
	equal(t, p.train(10*time.Minute), want)

	p.awaitSaved(8, 4) // or this run would be gone on with
	p.Go("about:blank")
	p.visit("/#" + link)
	p.Wait(time.Minute, "window.posttrain && posttrain.state().lanes.length === 2 && "+
		"posttrain.state().lanes.every((l) => l.digest)")
	p.reads(".where", "0/8")
	equal(t, p.train(10*time.Minute), want)
}

// A base that the browser has kept, and that is no longer what it was, is computed again.
func TestABaseThatIsDamaged(t *testing.T) {
	const link = "cards?base=cards,steps=9&eval_prompts=16&lane=sft,steps=2"
	p := openFirst(t, link)
	want := p.train(2 * time.Minute)
	p.awaitSaved(2) // or this run would be gone on with
	const damage = `await new Promise((resolve, reject) => {
		const open = indexedDB.open("posttrain");
		open.onerror = reject;
		open.onsuccess = () => {
			const bases = open.result.transaction("bases", "readwrite").objectStore("bases");
			const cursor = bases.openCursor();
			cursor.onerror = reject;
			cursor.onsuccess = () => {
				const found = cursor.result.value;
				found.file[found.file.length >> 1] ^= 1;
				cursor.result.update(found).onsuccess = () => { open.result.close(); resolve(); };
			};
		};
	})`
	p.Run(damage)
	p.Go("about:blank")
	p.visit("/#" + link)
	p.reads(".where", "Run first computes the base")
	equal(t, p.train(2*time.Minute), want)
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

// watchPretraining keeps the workers that compute bases, in the order in which they are told to,
// and marks those that the page has ended. A test may kill one, and may spoil what they are told.
const watchPretraining = `globalThis.pretrainers = [];
	const post = Worker.prototype.postMessage, end = Worker.prototype.terminate;
	globalThis.kill = (worker) => end.call(worker);
	Worker.prototype.postMessage = function (m, ...more) {
		if (m.type === "pretrain") {
			pretrainers.push(this);
			m = { ...m, ...globalThis.spoilt };
		}
		post.call(this, m, ...more);
	};
	Worker.prototype.terminate = function () { this.ended = true; end.call(this); };`

// longBase is an experiment whose base takes a page at least some seconds. It is run until the base
// is being computed.
const longBase = "cards?base=cards,steps=900&eval_prompts=16&lane=sft,steps=2&lane=grpo,steps=2"

func (p lab) startComputing() {
	p.t.Helper()
	p.Click(button("Run"))
	p.Wait(time.Minute, `/Computing the base: [1-9]/.test(document.querySelector(".where").innerText)`)
}

// If the worker that computes a base ends, or the trainer refuses to compute it, one sentence says
// so, and Run computes it. A browser that never answers whether it has kept the base, and keeps
// none, only lacks the base the next time.
func TestABaseThatCannotBeComputed(t *testing.T) {
	p := openFirst(t, longBase, watchPretraining, `IDBFactory.prototype.open = () => ({})`)
	p.startComputing()
	p.Run("kill(pretrainers.at(-1))")
	p.reads(".notice", "The base could not be computed: its worker stopped (the browser ended "+
		"it), perhaps for lack of memory. Run tries again.")
	p.reads("button.run", "Run")
	p.reads(".where", "Run first computes the base")
	if why := browser.Eval[string](p.Page, `posttrain.checkpoint(0).then(() => "", (e) => `+
		`e.message)`); why == "" {
		t.Error("a lane without a base can be saved")
	}
	p.startComputing()
	if !browser.Eval[bool](p.Page, `document.querySelector(".notice").hidden`) {
		t.Error("the page still says that the base could not be computed")
	}
	p.Click(button("Pause"))

	const link = "cards?base=cards,steps=9&eval_prompts=16&lane=sft,steps=2&lane=grpo,steps=2"
	p.Run("await posttrain.load(" + quote(link) + `); globalThis.spoilt = { key: "other" }; posttrain.run()`)
	p.reads(".notice", "The base could not be computed: the recipe has no base other.")
	p.Run("globalThis.spoilt = undefined")
	equal(t, p.train(2*time.Minute), native(t, link))
}

// Pause, Rewind and a change to another experiment end the worker that computes a base, and Run
// starts another one. A lane that was rewound while it waited for its base does not begin to train.
func TestABaseIsComputedOnlyForARun(t *testing.T) {
	p := openFirst(t, longBase, watchPretraining)
	ended := func(how string) {
		t.Helper()
		if !browser.Eval[bool](p.Page, "pretrainers.at(-1).ended === true") {
			t.Errorf("after %s the base is still being computed", how)
		}
	}
	p.startComputing()
	p.Click(button("Pause"))
	p.reads(".where", "Run first computes the base")
	p.reads("button.run", "Run")
	ended("Pause")

	p.startComputing()
	p.Click(button("Rewind"))
	p.reads(".where", "Run first computes the base")
	ended("Rewind")

	p.startComputing()
	p.Run("await posttrain.load(" + quote(short) + ")")
	ended("another experiment")

	const link = "cards?base=cards,steps=9&eval_prompts=16&lane=sft,steps=2"
	p.Run("await posttrain.load(" + quote(link) + "); posttrain.run(); posttrain.reset()")
	p.Click(button("Step"))
	p.awaitRest()
	if at := p.state().Lanes[0].Step; at != 1 {
		t.Errorf("after Run, Rewind and Step the lane is at update %d, want 1", at)
	}
}
