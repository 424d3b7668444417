package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
)

// keepWorkers lets a test get at the page's trainers, in the order in which they were started: the
// clerk's first, then one a lane.
const keepWorkers = `globalThis.workers = []; globalThis.Worker = class extends Worker { constructor(...a) { super(...a); if (String(a[0]).endsWith("/worker.js")) workers.push(this); } };`

// A worker that dies is replaced. Its lane continues from its last checkpoint with the same bits,
// the page reports it, and a download that was waiting is completed.
func TestADeadWorkerIsReplaced(t *testing.T) {
	const link = "cards?lane=sft,steps=60,style=y&lane=grpo,steps=2,beta=0&eval_every=20&eval_prompts=16"
	p := openLab(t, link, keepWorkers)
	p.Run("posttrain.run()")
	p.Wait(time.Minute, "posttrain.state().lanes[0].step > 10 && posttrain.state().lanes[1].done")
	p.Run("await posttrain.checkpoint(0); globalThis.file = posttrain.checkpoint(0); " +
		"workers[1].terminate()")
	p.reads(".notice", "The worker of lane SFT stopped (the browser ended it). It was started "+
		"again from ")
	p.Wait(time.Minute,
		`/from update [1-9]|from the start/.test(document.querySelector(".notice").innerText)`)
	p.reads(".notice", "the result is the same")
	p.Wait(time.Minute, "posttrain.state().done")
	equal(t, p.digests(), native(t, link))
	if size := browser.Eval[int](p.Page, "file.then((f) => f.size)"); size < 1000 {
		t.Errorf("the file that was asked for before has %d bytes", size)
	}
}

// A clerk that dies is replaced, during a run and after it: links are read, the record is filled
// again, and the page shows no message. If every clerk dies, each request ends with an error
// message.
func TestADeadClerkIsReplaced(t *testing.T) {
	p := openLab(t, short, keepWorkers)
	p.awaitRest() // all lanes have their workers
	p.Run("posttrain.run(); workers[0].terminate()")
	p.Wait(time.Minute, "posttrain.state().done")
	endsLikeShort(t, p.digests())
	p.Run(`workers.at(-1).terminate(); document.querySelector(".verdict div").replaceChildren(); document.querySelector(".as-table").open = true`)
	p.Wait(time.Minute, "document.querySelector('.verdict').innerText.includes('SFT') && "+
		"document.querySelector('.as-table td')")
	if said := browser.Eval[string](p.Page,
		"document.querySelector('.notice').innerText"); said != "" {
		t.Errorf("the page says %q", said)
	}
	p.Run("workers.at(-1).terminate(); await posttrain.load(" + quote(short+"&seed=2") + ")")
	if at := p.link(); !strings.Contains(at, "seed=2") {
		t.Errorf("with a clerk that died the page is at %s", at)
	}

	p.Run(`const post = Worker.prototype.postMessage; Worker.prototype.postMessage = function (m, ...more) { if (m.what === "describe") this.terminate(); else post.call(this, m, ...more); };
		globalThis.mend = () => { Worker.prototype.postMessage = post; };
		globalThis.said = ""; await posttrain.load("cards").catch((e) => { said = e.message; }); mend();`)
	if said := browser.Eval[string](p.Page, "said"); !strings.Contains(said,
		"does not work: the browser ended it. Try again") {
		t.Errorf("with a clerk that always dies, loading says %q", said)
	}
	p.Run("await posttrain.load(" + quote(short) + ")")
	endsLikeShort(t, p.train(time.Minute))
}

// What could not be fetched is asked for again: the trainer, a base, the results of others.
func TestAFailedDownloadIsNotRemembered(t *testing.T) {
	p := openFirst(t, "cards", `globalThis.offline = /compiler.js|bases/; globalThis.Worker = class extends Worker { constructor(a, ...b) { super(offline?.test(a) ? new URL("nothing.js", a) : a, ...b); } };
		const online = fetch; globalThis.fetch = (a, ...b) => offline?.test(a) ? Promise.reject(new TypeError("Failed to fetch")) : online(a, ...b);`)
	p.Expect("nothing.js")
	p.reads("main", "rainer could not be loaded")
	p.Run("offline = /bases/; await posttrain.load(" + quote(short) + ")")
	p.reads(".notice", "The base cards could not be loaded: this site cannot be reached at the "+
		"moment. Check the connection, then try again.")
	p.Run("offline = undefined")
	endsLikeShort(t, p.train(time.Minute))

	p.Run("offline = /parity/; await posttrain.load('parity')")
	p.reads(".notice", "The base parity could not be loaded: this site cannot be reached at the "+
		"moment. Check the connection, then try again.")
	p.Run("offline = undefined; await posttrain.load('parity')")
	p.awaitRest()
	p.Wait(time.Minute, "document.querySelector('.notice').hidden && "+
		"posttrain.state().lanes.every((l) => l.digest)")
}

// A lane that is removed or rewound while it trains sends no more events to the record and the
// page.
func TestWhatALaneSaysTooLateIsNotHeard(t *testing.T) {
	const one, two = "cards?lane=sft,steps=500,style=y&eval_every=10&eval_prompts=16",
		"cards?lane=sft,steps=500,style=y&lane=grpo,steps=500&eval_every=10&eval_prompts=16"
	// A removed worker that ends late, as one does that is in the middle of something.
	p := openLab(t, two,
		`const end = Worker.prototype.terminate; Worker.prototype.terminate = function () { setTimeout(() => end.call(this), 1000); };`)
	p.Run(`globalThis.steps = []; posttrain.on("event", (e) => { steps.push(e.lane + " " + e.step); }); posttrain.run()`)
	p.Wait(time.Minute, "posttrain.state().lanes[1].step > 3")
	p.Run("await posttrain.load(" + quote(one) + "); steps.length = 0")
	p.Wait(time.Minute, "steps.length > 50")
	if late := browser.Eval[[]string](p.Page,
		"steps.filter((s) => s.startsWith('grpo'))"); len(late) > 0 {
		t.Errorf("a lane that was removed says %q", late)
	}
	p.Run("posttrain.reset(); steps.length = 0")
	p.awaitRest()
	if late := browser.Eval[[]string](p.Page, "steps.filter((s) => s !== 'sft 0')"); len(late) > 0 {
		t.Errorf("a lane that was rewound says %q", late)
	}
	p.reads(".verdict", "Nothing has been trained yet")
}

// A lane that is told to go on at the moment in which its worker says that it stands still is
// moving, and can be paused.
func TestALaneThatIsToldToGoOnIsMoving(t *testing.T) {
	const link = "cards?lane=sft,steps=500,style=y&lane=grpo,steps=500&eval_every=100&eval_prompts=16"
	p := openLab(t, link, `globalThis.Worker = class extends Worker {
		set onmessage(f) {
			super.onmessage = (e) => globalThis.late ? late.push({ e, f }) : f(e);
		}
	};`)
	p.awaitRest()
	p.Run("globalThis.late = []; posttrain.step(1)")
	p.Wait(time.Minute, "late.filter(({ e }) => e.data.type === 'idle').length === 2")
	p.Run(`posttrain.run(); const all = late; late = undefined; for (const { e, f } of all) f(e);
		globalThis.moving = posttrain.state().lanes.map((l) => l.digest)`)
	if digests := browser.Eval[[]string](p.Page, "moving"); !slices.Equal(digests,
		[]string{"", ""}) {
		t.Errorf("while the lanes train the page has the digests %q", digests)
	}
	p.Wait(time.Minute, "posttrain.state().lanes.every((l) => l.step > 1)")
	p.Run("posttrain.pause()")
	p.awaitRest()
	before := p.state()
	p.Run("posttrain.step(1)")
	p.awaitRest()
	for i, l := range p.state().Lanes {
		if want := before.Lanes[i].Step + 1; l.Step != want {
			t.Errorf("a step after the pause leads lane %s to update %d, want %d", l.Label, l.Step,
				want)
		}
	}
}

// nothingKept is a script with which the browser refuses to keep anything.
const nothingKept = `Object.defineProperty(globalThis, "indexedDB", { value: {
	open() { throw new DOMException("refused", "SecurityError"); },
} });`

// In the middle of a run that the browser does not keep it asks before it leaves the page, at any
// other time it does not.
func TestLeavingARunIsAskedFor(t *testing.T) {
	p := openLab(t, unhurried, nothingKept)
	leave := func() bool {
		t.Helper()
		return browser.Eval[bool](p.Page,
			"dispatchEvent(new Event('beforeunload', { cancelable: true }))")
	}
	p.awaitRest()
	if !leave() {
		t.Error("the page asks before anything was trained")
	}
	p.Click("button.run")
	p.Wait(time.Minute, "posttrain.state().lanes.some((l) => l.step > 0)")
	if leave() {
		t.Error("the page does not ask while lanes train")
	}
	p.Run("posttrain.pause()")
	p.awaitRest()
	if leave() {
		t.Error("the page does not ask before it forgets a run that was paused")
	}
	p.visit("/course.html")
	if asked := p.Questions(); !slices.Equal(asked, []string{"beforeunload"}) {
		t.Errorf("the browser has asked %q, want beforeunload", asked)
	}
	p = openLab(t, short, nothingKept)
	p.train(time.Minute)
	if !leave() {
		t.Error("the page asks when the run is over")
	}
	p = openLab(t, unhurried)
	p.begun()
	if !leave() {
		t.Error("the page asks although the run is kept")
	}
}

// withCores returns a script that gives the page a number of cores.
func withCores(n int) string {
	return fmt.Sprintf("Object.defineProperty(navigator, 'hardwareConcurrency', { value: %d });", n)
}

// On two cores a lane begins when the one before it has made its first update, or has nothing to do
// because nobody has pressed Run. Until then it says that it waits.
func TestLanesBeginOneAfterTheOther(t *testing.T) {
	const link = "cards?lane=sft,steps=3,style=y&lane=sft,steps=2&lane=grpo,steps=2,beta=0" +
		"&eval_prompts=16"
	const told = `globalThis.told = []; const post = Worker.prototype.postMessage; let lab;
		Worker.prototype.postMessage = function (m, ...more) { if (m.type === "open" && m.link) told.push("open " + m.lane); post.call(this, m, ...more); };
		Object.defineProperty(globalThis, "posttrain", { configurable: true, get: () => lab, set(made) {
			lab = made;
			lab.on("event", (e) => { if (e.kind === "step" && e.step === 1) told.push("update of " + e.lane); });
			`
	p := openLab(t, link, withCores(2), told+"} });")
	p.awaitRest()
	if got := browser.Eval[[]string](p.Page, "told"); !slices.Equal(got,
		[]string{"open 0", "open 1", "open 2"}) {
		t.Errorf("without Run the lanes begin with %q, want each to begin", got)
	}

	p = openLab(t, link, withCores(2), told+"lab.run(); } });")
	p.reads(".where", "waiting")
	p.Wait(time.Minute, "posttrain.state().done")
	got := browser.Eval[[]string](p.Page, "told")
	want := []string{"open 0", "update of sft", "open 1", "update of sft-2", "open 2",
		"update of grpo"}
	if !slices.Equal(got, want) {
		t.Errorf("on two cores the lanes begin with %q, want %q", got, want)
	}
	equal(t, p.digests(), native(t, link))

	p = openLab(t, link, withCores(2), told+"lab.run(); lab.pause(); } });")
	p.awaitRest()
	for _, l := range p.state().Lanes {
		if l.Step > 0 {
			t.Errorf("lane %s has made %d updates although it was paused", l.Label, l.Step)
		}
	}

	p = openLab(t, link, withCores(4), told+"lab.run(); } });")
	p.Wait(time.Minute, "told.length > 2")
	if got := browser.Eval[[]string](p.Page, "told.slice(0, 3)"); !slices.Equal(got,
		[]string{"open 0", "open 1", "open 2"}) {
		t.Errorf("on four cores the lanes begin with %q, want all at once", got)
	}
}

// Run shows at once that something happens, and what.
func TestRunIsSeenAtOnce(t *testing.T) {
	const where = "document.querySelector('.where').innerText"
	p := lab{chromium.Again(t), t}
	p.Before(withCores(8))
	p.Before(`let lab; globalThis.seen = []; Object.defineProperty(globalThis, "posttrain", { configurable: true, get: () => lab, set(made) {
		lab = made;
		const see = () => { const now = ` + where + `.replace(/\\d+/g, "N"); if (now !== seen.at(-1)) seen.push(now); };
		new MutationObserver(see).observe(document.querySelector(".where"), { childList: true });
		lab.run();
		seen.push(document.querySelector("button.run").innerText);
		see();
	} });`)
	p.visit("/#" + short)
	p.Wait(time.Minute, "window.posttrain?.state().done && seen.length > 3")
	seen := browser.Eval[[]string](p.Page, "seen")
	if want := []string{"Pause",
		"SFT loading the trainer · GRPO loading the trainer"}; len(seen) < 4 ||
		!slices.Equal(seen[:2], want) || !strings.Contains(seen[2], "measuring the start") {
		t.Errorf("after Run was pressed at once the page says %q, want %q first, then that a "+
			"lane measures, and then more", seen, want)
	}
}

// latePorts delays all messages on the page's channels by half a second. So the clerk receives a
// lane's events after the page does, as on a busy machine.
const latePorts = `{
	const Channel = MessageChannel;
	globalThis.MessageChannel = class {
		constructor() {
			const [near, far] = [new Channel(), new Channel()];
			const pass = (from, to) => {
				from.onmessage = ({ data, ports }) => setTimeout(() => to.postMessage(data, ports), 500);
			};
			pass(near.port1, far.port1);
			pass(far.port1, near.port1);
			[this.port1, this.port2] = [far.port2, near.port2];
		}
	};
}`

// A measurement that the clerk receives after the page is in the picture's table and in the
// verdict.
func TestTheClerkIsLate(t *testing.T) {
	p := openLab(t, short)
	p.train(time.Minute)
	table, verdict := p.numbers(), p.text(".verdict .changes")
	p = openLab(t, short, latePorts)
	p.train(time.Minute)
	if got := p.numbers(); !slices.Equal(got, table) {
		t.Errorf("the table has %q, want %q", got, table)
	}
	if got := p.text(".verdict .changes"); got != verdict {
		t.Errorf("the verdict has %q, want %q", got, verdict)
	}
}
