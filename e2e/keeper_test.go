package e2e

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/posttrain/posttrain/e2e/browser"
)

// reload loads the page again and waits until it can be used.
func (p lab) reload() {
	p.t.Helper()
	p.Reload()
	p.Wait(time.Minute, "window.posttrain && !document.querySelector('button.run').disabled")
}

// awaitDigests waits until all lanes stand where their digests are these. A lane that is taken up
// stands at its checkpoint for a moment, which may be a few updates before.
func (p lab) awaitDigests(want map[string]string) {
	p.t.Helper()
	for label, digest := range want {
		p.Wait(time.Minute, "posttrain.state().lanes.find((l) => l.label === "+quote(label)+
			").digest === "+quote(digest))
	}
}

// await evaluates an expression until its value is as wanted.
func await[T any](p lab, expression string, wanted func(T) bool) {
	p.t.Helper()
	for end := time.Now().Add(5 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		value := browser.Eval[T](p.Page, expression)
		if wanted(value) {
			return
		}
		if time.Now().After(end) {
			p.t.Fatalf("%s is still\n%v\nthe page shows\n%+v", expression, value, p.state())
		}
	}
}

// inKept returns the expression for a number of each lane that the browser has kept. The run of a
// link comes before the one that has made fewer updates, if both are kept.
func inKept(ofLane string) string {
	return `new Promise((resolve) => {
		const open = indexedDB.open("posttrain");
		open.onsuccess = () => {
			const all = open.result.transaction("lanes").objectStore("lanes").getAll();
			open.result.close();
			all.onsuccess = () => resolve(all.result.flatMap((r) => r.lanes.map((l) => ` +
		ofLane + `)));
		};
	})`
}

// awaitSaved waits until the lanes that the browser has kept are at rest at these updates.
func (p lab) awaitSaved(steps ...int) {
	p.t.Helper()
	await(p, inKept("l.going ? -1 : l.step"), func(kept []int) bool {
		return slices.Equal(kept, steps)
	})
}

// awaitCheckpoints waits until the browser has kept a checkpoint of two lanes after an update.
func (p lab) awaitCheckpoints() {
	p.t.Helper()
	await(p, inKept("l.keptStep"), func(kept []int) bool {
		return len(kept) == 2 && slices.Min(kept) > 0
	})
}

// kept returns the names of the runs on the shelf, once there are n.
func (p lab) kept(n int) (names []string) {
	p.t.Helper()
	const all = "[...document.querySelectorAll('.kept b')].map((e) => e.innerText)"
	p.Wait(time.Minute, all+".length === "+strconv.Itoa(n))
	return browser.Eval[[]string](p.Page, all)
}

// shelved clicks a button of the kept run with this name.
func (p lab) shelved(name, text string) {
	p.t.Helper()
	p.Click(`//ul[@class="kept"]/li[.//b[normalize-space()="` + name +
		`"]]//button[starts-with(normalize-space(), "` + text + `")]`)
}

// table is the expression for the lines of the picture's table.
const table = `[...document.querySelectorAll(".as-table tr")]
	.map((r) => [...r.cells].map((c) => c.innerText).join("|"))`

// numbers returns the table of a run that has ended, a line for each row.
func (p lab) numbers() []string {
	p.t.Helper()
	p.reads("[data-place=status]", "Done.") // everything is on record
	p.Run(`document.querySelector(".as-table").open = true`)
	p.Wait(time.Minute, "document.querySelector('.as-table td')")
	return browser.Eval[[]string](p.Page, table)
}

// awaitNumbers waits until the table of the picture has these lines.
func (p lab) awaitNumbers(want []string) {
	p.t.Helper()
	p.Run(`document.querySelector(".as-table").open = true`)
	await(p, table, func(rows []string) bool { return slices.Equal(rows, want) })
}

// A page that is loaded again in the middle of a run goes on with it, and the lanes end as if
// nothing had happened. A run that was paused stands where it was, also when it is the second one
// of its link and the first one, which is finished, is still there. What was rewound stays so.
func TestAReloadLosesNothing(t *testing.T) {
	want := native(t, unhurried)
	p := openLab(t, unhurried)
	p.Run("posttrain.run()")
	p.awaitCheckpoints()
	p.reload()
	state := p.state()
	for _, l := range state.Lanes {
		if l.Step == 0 {
			t.Errorf("after the reload lane %s begins anew", l.Label)
		}
	}
	if !state.Running && !state.Done {
		t.Error("the run was going on and is paused after the reload")
	}
	p.Wait(5*time.Minute, "posttrain.state().done")
	p.awaitRest()
	equal(t, p.digests(), want)

	numbers := p.numbers()
	p.awaitSaved(80, 40)
	p.reload()
	p.awaitRest()
	equal(t, p.digests(), want)
	p.awaitNumbers(numbers)

	p.reads("[data-place=shelf]", "on the page")
	p.begun() // again
	paused, left := p.state(), p.digests()
	p.awaitSaved(80, 40, paused.Lanes[0].Step, paused.Lanes[1].Step)
	p.reload()
	p.awaitDigests(left)
	if p.state().Running {
		t.Error("the second run was paused and goes on after the reload")
	}
	if names := p.kept(1); !slices.Equal(names, []string{"seed 1"}) {
		t.Errorf("the shelf has %q", names)
	}
	p.reads("[data-place=shelf]", "finished")
	p.shelved("seed 1", "Open")
	p.awaitDigests(want)
	p.reads("[data-place=shelf]", "on the page")

	p.Run("posttrain.reset()")
	p.reads("[data-place=shelf]", "finished")
	p.reload()
	p.awaitRest()
	for _, l := range p.state().Lanes {
		if l.Step > 0 {
			t.Errorf("lane %s was rewound and is at update %d after a reload", l.Label, l.Step)
		}
	}
	p.shelved("seed 1", "Open")
	p.awaitDigests(want)

	p = openLab(t, unhurried)
	p.begun()
	paused, left = p.state(), p.digests()
	p.awaitSaved(paused.Lanes[0].Step, paused.Lanes[1].Step)
	p.reload()
	p.awaitDigests(left)
	if p.state().Running {
		t.Error("the run was paused and goes on after the reload")
	}
	equal(t, p.train(5*time.Minute), want)
}

// A checkpoint that the trainer cannot read, as after a change of the site, costs the lane what it
// had learned, and the page says so.
func TestAKeptRunOfAnotherTrainerBeginsAnew(t *testing.T) {
	p := openLab(t, short)
	want := p.train(time.Minute)
	p.awaitSaved(3, 2)
	p.change(`(all) => all.getAllKeys().onsuccess = ({ target }) => {
		const [key] = target.result;
		all.get(key).onsuccess = ({ target: { result } }) => {
			result.lanes[0].checkpoint = new Uint8Array([1, 2, 3]);
			all.put(result, key);
		};
	}`)
	p.reload()
	p.reads(".notice", "Lane SFT cannot go on where it was left (")
	p.awaitRest()
	if s := p.state(); s.Lanes[0].Step != 0 || s.Lanes[1].Step != 2 {
		t.Errorf("the page shows %+v, want the first lane at its start", s)
	}
	equal(t, p.train(time.Minute), want)
}

// change changes the contents of the runs that the browser has kept.
func (p lab) change(edit string) {
	p.t.Helper()
	p.Run(`await new Promise((resolve, reject) => {
		const open = indexedDB.open("posttrain");
		open.onsuccess = () => {
			const t = open.result.transaction("lanes", "readwrite");
			(` + edit + `)(t.objectStore("lanes"));
			open.result.close();
			t.oncomplete = resolve;
			t.onabort = () => reject(t.error);
		};
	})`)
}

// Where the browser has no room left the page says so, and asks before it is left in the middle of
// a run. Nothing else is removed for it. As soon as there is room the run is kept.
func TestThereIsNoRoomForARun(t *testing.T) {
	p := openLab(t, unhurried, `const add = IDBObjectStore.prototype.put;
		IDBObjectStore.prototype.put = function (...a) {
			if (globalThis.full && this.name === "lanes") throw new DOMException("", "QuotaExceededError");
			return add.apply(this, a);
		};`)
	p.begun()
	p.reads("[data-place=shelf]", "on the page")
	p.Run("globalThis.full = true")
	p.Fill(".seed input", "7")
	p.Wait(time.Minute, "posttrain.link().includes('seed=7')")
	p.begun()
	p.reads(".notice", "This run cannot be kept: the browser has no room left for it.")
	if names := p.kept(1); !slices.Equal(names, []string{"seed 1"}) {
		t.Errorf("the shelf has %q", names)
	}
	const leaves = "dispatchEvent(new Event('beforeunload', { cancelable: true }))"
	if browser.Eval[bool](p.Page, leaves) {
		t.Error("the page lets a run go that is not kept")
	}
	p.Click(".notice button")
	p.Run("globalThis.full = false")
	p.kept(2)
	if !browser.Eval[bool](p.Page, leaves) {
		t.Error("the page asks although the run is kept")
	}
	if shown := browser.Eval[bool](p.Page, "document.querySelector('.notice').hidden"); !shown {
		t.Errorf("the page says %q", p.text(".notice"))
	}

	p.Run(`await new Promise((resolve, reject) => {
		const gone = indexedDB.deleteDatabase("posttrain");
		gone.onsuccess = resolve;
		gone.onerror = reject;
	})`)
	equal(t, p.train(5*time.Minute), native(t, unhurried+"&seed=7"))
	p.awaitSaved(80, 40)
	p.kept(1)
}

// What a visitor has guessed is there after a reload, too.
func TestAReloadKeepsTheGuess(t *testing.T) {
	p := openLab(t, "memorise?lane=sft,steps=3,style=y&lane=grpo,steps=2&eval_prompts=16")
	p.Click(".choices button:nth-child(2)")
	p.train(time.Minute)
	p.awaitSaved(3, 2)
	p.reload()
	if got := p.text(".choices [aria-pressed=true]"); got != "GRPO" {
		t.Errorf("after the reload the guess is %q", got)
	}
	p.reads(".verdict", "You guessed GRPO")
}

// Another seed takes nothing away: the run before is drawn dashed behind the new curves, with the
// numbers that it had, and can be opened, pinned, saved, removed and brought back.
func TestRunsStayOnTheShelf(t *testing.T) {
	p := openLab(t, short, axe(t),
		`HTMLAnchorElement.prototype.click = () => {};
		URL.createObjectURL = (file) => {
			file.arrayBuffer().then((b) => { globalThis.saved = new Uint8Array(b); });
			return "#";
		};`)
	first := p.train(time.Minute)
	endsLikeShort(t, first)
	before := p.numbers()
	p.Fill(".seed input", "7")
	p.Wait(time.Minute, "posttrain.link().includes('seed=7')")
	second := p.train(time.Minute)
	if names := p.kept(2); !slices.Equal(names, []string{"seed 7", "seed 1"}) {
		t.Fatalf("the shelf has %q", names)
	}
	p.reads(".caption", "Dashed, from the shelf: seed 1.")
	wide := strings.Count(before[0], "|")
	both := p.numbers()
	for i, row := range before {
		_, kept, _ := strings.Cut(row, "|")
		if i == 0 {
			kept = strings.ReplaceAll(kept, ", ", ", seed 1, ")
		}
		own := strings.Split(both[i], "|")[:1+wide]
		both[i] = strings.Join(append(own, kept), "|")
	}
	p.awaitNumbers(both)
	if found := browser.Eval[[]string](p.Page, violations("window")); len(found) > 0 {
		t.Errorf("%q", found)
	}
	p.Click(`#tab-plane`)
	p.reads(".as-table", "SFT, seed 1")
	p.Click(`#tab-race`)
	p.shelved("seed 1", "Compare") // no longer
	p.Wait(time.Minute, "!document.querySelector('.caption').innerText.includes('Dashed')")
	p.Wait(time.Minute, "document.querySelectorAll('.as-table th').length === "+
		strconv.Itoa(wide+1))

	p.shelved("seed 1", "Pin")
	p.Wait(time.Minute, "document.querySelectorAll('.kept [aria-pressed=true]').length === 1")
	p.shelved("seed 1", "Save")
	p.Wait(time.Minute, "globalThis.saved")
	file := filepath.Join(t.TempDir(), "run.jsonl.gz")
	content, err := base64.StdEncoding.DecodeString(browser.Eval[string](p.Page,
		"btoa(saved.reduce((text, byte) => text + String.fromCharCode(byte), ''))"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	p.shelved("seed 1", "Open")
	p.Wait(time.Minute, "!posttrain.link().includes('seed=7')")
	p.awaitRest()
	equal(t, p.digests(), first)
	p.shelved("seed 7", "Remove")
	p.kept(1)
	p.Choose("#menu", "task/cards")
	p.Wait(time.Minute, "posttrain.link().includes('lane=sft&lane=grpo')")
	p.Click(`//ul[@class="kept"]//button[starts-with(normalize-space(), "Remove")]`)
	p.reads("[data-place=shelf]", "Nothing has been kept yet")
	at := browser.Eval[string](p.Page, "document.activeElement.innerText")
	if at != "Bring it back" {
		t.Errorf("after a run was removed the focus is on %q", at)
	}
	p.Press(kb.Enter)
	p.kept(1)
	p.Click(`//ul[@class="kept"]//button[starts-with(normalize-space(), "Remove")]`)
	p.reads("[data-place=shelf]", "Nothing has been kept yet")

	p.Upload("#replayed", file)
	p.kept(1)
	p.Wait(time.Minute, "posttrain.state().done")
	p.awaitRest()
	equal(t, p.digests(), first)
	p.awaitNumbers(before)
	p.Fill(".seed input", "7")
	p.Wait(time.Minute, "posttrain.link().includes('seed=7')")
	equal(t, p.train(time.Minute), second)
}

// A run that is left for another experiment goes on where it was when its link is opened again; a
// page that somebody else has open keeps its run to itself.
func TestARunThatIsLeftGoesOn(t *testing.T) {
	want := native(t, unhurried)
	p := openLab(t, unhurried)
	p.begun()
	left := p.digests()
	link := p.link()
	p.Choose("#menu", "parity")
	p.Wait(time.Minute, "posttrain.link().startsWith('parity')")
	p.Fill("#paste", link)
	p.Wait(time.Minute, "posttrain.link() === "+quote(link))
	p.awaitDigests(left)

	p.Run(`const f = document.createElement("iframe"); f.src = "embed.html?start#" + ` +
		quote(unhurried) + `; f.id = "other"; document.body.append(f)`)
	p.Wait(time.Minute, "document.querySelector('#other').contentWindow.posttrain?.link()")
	const other = "document.querySelector('#other').contentWindow.posttrain.state()"
	p.Wait(time.Minute, other+".lanes.every((l) => l.digest)")
	if n := browser.Eval[int](p.Page, other+".lanes[0].step"); n != 0 {
		t.Errorf("another lab takes the run up at update %d, which this page has", n)
	}
	p.Run("document.querySelector('#other').remove()")
	equal(t, p.train(5*time.Minute), want)
}

// Where the browser keeps nothing, the shelf says so, and works until the page is left.
func TestAShelfInMemory(t *testing.T) {
	p := openLab(t, short, nothingKept)
	first := p.train(time.Minute)
	p.Fill(".seed input", "7")
	p.Wait(time.Minute, "posttrain.link().includes('seed=7')")
	p.reads("[data-place=shelf]", "This browser keeps nothing for this page")
	p.reads(".caption", "Dashed, from the shelf: seed 1.")
	p.shelved("seed 1", "Open")
	p.Wait(time.Minute, "posttrain.state().done")
	p.awaitRest()
	equal(t, p.digests(), first)
}

// What the command line prints of a run joins the shelf.
func TestARunOfTheCommandLineJoinsTheShelf(t *testing.T) {
	p := openLab(t, "parity")
	p.drop("document", "run.jsonl", string(printed(t, short)))
	p.reads("[data-place=where]", "Replayed from run.jsonl, not trained here")
	p.reads("[data-place=shelf]", "from run.jsonl")
	p.Click("[data-place=run]")
	p.Wait(5*time.Minute, "posttrain.state().done && "+
		"posttrain.state().lanes.every((l) => l.digest)")
	endsLikeShort(t, p.digests())
}
