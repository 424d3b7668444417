package e2e

import (
	_ "embed"
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/domdebugger"
	"github.com/chromedp/cdproto/runtime"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/e2e/browser"
)

// notebook is a page that loads front-end modules of anywidget as notebooks and books do.
//
//go:embed testdata/notebook.html
var notebook string

// openNotebook opens the notebook in a tab, once it has loaded the widget.
func openNotebook(t *testing.T) lab {
	t.Helper()
	p := openHost(t)
	p.Go(hostPage(t, notebook))
	p.Run("Promise.all([widget, copy]).then(([w, c]) => { globalThis.loaded = { w, c }; })")
	p.Wait(time.Minute, "globalThis.loaded")
	return p
}

// listeners returns how many listeners the window of a page has, by event.
func (p lab) listeners() map[string]int {
	p.t.Helper()
	window := browser.Call(p.Page, runtime.Evaluate, runtime.EvaluateParams{
		Expression: "window"}).Result
	found := map[string]int{}
	for _, l := range browser.Call(p.Page, domdebugger.GetEventListeners,
		domdebugger.GetEventListenersParams{ObjectID: window.ObjectID}).Listeners {
		found[l.Type]++
	}
	return found
}

// A widget trains in the cell of a notebook to the digests of the command line, which it writes
// back. It follows its traits and the look of the page, and leaves nothing behind.
func TestAWidgetInANotebook(t *testing.T) {
	p := openNotebook(t)
	before := p.listeners()
	p.Run(`globalThis.model = new Model({ link: ` + quote(short) + `, title: "Mine", question: "Which?", height: 0 });
		globalThis.el = cell(); globalThis.end = loaded.w.render({ model, el });`)
	p.Wait(time.Minute, "model.saved.at(-1)?.state?.started === false")
	inside := p.inFrame("embed.html")
	inside.reads("h1", "Mine")
	inside.reads(".question", "Which?")
	inside.Click("button.start-lab")
	inside.Wait(2*time.Minute, "window.posttrain?.link() && "+
		"!document.querySelector('button.run').disabled")
	inside.Click("button.run")
	p.Wait(2*time.Minute, "model.saved.some((s) => s.done)")
	type done struct {
		Link       string
		Digests    map[string]string
		Metrics    map[string]map[string]float64
		Prediction struct{ Question, Guess string }
	}
	first := browser.Eval[done](p.Page, "model.get('done')")
	endsLikeShort(t, first.Digests)
	if !strings.Contains(first.Link, "steps=3") || first.Prediction.Question != "Which?" {
		t.Errorf("the notebook is told %+v", first)
	}
	// as the example in docs/examples/notebook reads it
	if at, ok := first.Metrics["grpo"]["eval/id/accuracy"]; !ok || at <= 0 || at > 1 {
		t.Errorf("the accuracy of grpo is %v in %v", at, first.Metrics)
	}
	for i, l := range inside.state().Lanes {
		if len(l.Metrics) == 0 || !maps.Equal(first.Metrics[l.Label], l.Metrics) {
			t.Errorf("lane %d has the metrics %v, the notebook is told %v", i, l.Metrics,
				first.Metrics[l.Label])
		}
	}
	p.Wait(time.Minute, "model.get('state').lanes.every((l) => l.step > 0 && l.step === l.steps)")
	p.fits(inside)

	p.Run("document.body.classList.add('night')")
	inside.Wait(time.Minute, "document.documentElement.dataset.theme === 'dark'")
	p.Run("model.set('theme', 'light')")
	inside.Wait(time.Minute, "document.documentElement.dataset.theme === 'light'")
	p.Run("model.set('height', 600)")
	p.Wait(time.Minute, "shown(el).clientHeight === 600")
	p.Run("model.set('height', 0)")
	p.fits(inside)

	p.Run("model.set('link', 'cards?lane=sft,steps=2')") // the lab goes on in the same frame
	p.Wait(time.Minute, "model.get('state').started && model.get('state').lanes.length === 1 && "+
		"model.get('state').link.includes('steps=2')")
	if link := inside.link(); !strings.Contains(link, "steps=2") {
		t.Errorf("the lab has the link %q", link)
	}
	if len(p.Workers()) == 0 {
		t.Fatal("a lab without workers")
	}

	p.Run("end()")
	left := browser.Eval[string](p.Page, "el.innerHTML")
	if heard := browser.Eval[int](p.Page, "model.heard"); left != "" || heard > 0 {
		t.Errorf("a widget that was removed leaves %q and %d listeners of the model", left, heard)
	}
	if after := p.listeners(); !maps.Equal(before, after) {
		t.Errorf("the page has the listeners %v, before the widget it had %v", after, before)
	}
	for end := time.Now().Add(time.Minute); len(p.Workers()) > 0; time.Sleep(
		100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d workers are left", len(p.Workers()))
		}
	}
}

// fits waits until a widget is as high as the lab in it.
func (p lab) fits(inside lab) {
	p.t.Helper()
	const height = "Math.ceil(document.documentElement.getBoundingClientRect().height)"
	end := time.Now().Add(time.Minute)
	for {
		is := browser.Eval[int](p.Page, "shown(el).clientHeight")
		want := browser.Eval[int](inside.Page, height)
		if is == want {
			return
		}
		if time.Now().After(end) {
			p.t.Fatalf("a widget is %d pixels high, and the lab in it %d", is, want)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// A copy of the module says when it does not know where the playground is. In a host that can
// neither save nor forget a listener it shows a lesson, and keeps the sheet.
func TestAWidgetOfALesson(t *testing.T) {
	p := openNotebook(t)
	if said := browser.Eval[string](p.Page, `(() => { try { loaded.c.render({ model: new Model({ link: "cards" }), el: cell() }); }
		catch (e) { return e.message; } })() ?? ""`); !strings.Contains(said, "set base") {
		t.Errorf("a copy without base says %q", said)
	}
	p.Run(`globalThis.model = new Shim({ lesson: "densities", base: ` + quote(address) + ` });
		globalThis.el = cell(); globalThis.end = loaded.c.render({ model, el });`)
	p.Wait(time.Minute, "model.get('state')?.started === false")
	inside := p.inFrame("lesson.html")
	l := lessonNamed(t, "densities")
	inside.reads("h1", l.Title)
	for _, s := range l.Steps {
		inside.reads("#lesson h2", s.Title)
		inside.Run("document.querySelector('#lesson .turn-page').lastElementChild.click()")
	}
	p.Wait(time.Minute, "model.get('sheet')")
	text := browser.Eval[string](p.Page, "JSON.stringify(model.get('sheet'))")
	var sheet lesson.Sheet
	if err := json.Unmarshal([]byte(text), &sheet); err != nil || sheet.Lesson != l.Name ||
		len(sheet.Steps) != len(l.Steps) {
		t.Errorf("the sheet is %s (%v)", text, err)
	}

	p.forges()
	p.Run("end(); model.set('link', 'cards'); document.body.classList.add('night')")
	if left := browser.Eval[string](p.Page, "el.innerHTML"); left != "" {
		t.Errorf("a widget that was removed leaves %q", left)
	}
}

// forges sends what a lab tells from another page in the widget's own frame, and from a lab that is
// not the widget's. The traits of the model must stay.
func (p lab) forges() {
	p.t.Helper()
	const traits = "JSON.stringify([model.get('state'), model.get('sheet')])"
	had := browser.Eval[string](p.Page, traits)
	const forged = `{ type: "posttrain/finished", sheet: {} }, { type: "posttrain/height", height: 5000 }, { type: "posttrain/forged" }`
	page := quote("data:text/html,<script>for (const m of [" + forged + "]) " +
		"parent.postMessage(m, '*')</script>")
	p.Run(`globalThis.foreign = new Set();
		addEventListener("message", ({ data, source }) => { if (source !== shown(el).contentWindow || data?.type === "posttrain/forged") foreign.add(data?.type); });
		// in view, since browsers lay out no frame that nobody sees
		document.body.prepend(Object.assign(document.createElement("iframe"), { src: ` +
		quote(address+"/embed.html#memorise") + ` })); scrollTo(0, 0);`)
	p.Wait(time.Minute, "foreign.has('posttrain/ready') && foreign.has('posttrain/height')")
	p.Run("shown(el).src = " + page)
	p.Wait(time.Minute, "foreign.has('posttrain/forged')")
	if has := browser.Eval[string](p.Page, traits); has != had {
		p.t.Errorf("another page has changed %s to %s", had, has)
	}
	if high := browser.Eval[int](p.Page, "shown(el).clientHeight"); high == 5000 {
		p.t.Error("another page has set the height")
	}
}
