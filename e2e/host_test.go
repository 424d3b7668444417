package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
)

// hostPage serves a page of another origin, with the URL of the site in the place of SITE and its
// own origin in the place of HOST. It keeps all messages in heard.
func hostPage(t *testing.T, body string) string {
	t.Helper()
	var own string
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!doctype html><html lang="en"><title>A course</title><link rel="icon" href="data:,">
			<script>
				globalThis.heard = [];
				addEventListener("message", ({ source, data }) => { if (String(data?.type).startsWith("posttrain/") && source === document.querySelector("#lab")?.contentWindow) heard.push(data); });
				globalThis.tell = (message, target = "*") => document.querySelector("#lab").contentWindow.postMessage(message, target);
				globalThis.last = (type) => heard.findLast((m) => m.type === "posttrain/" + type);
			</script>` + strings.NewReplacer("SITE", address, "HOST", url.QueryEscape(own)).Replace(body)))
	}))
	t.Cleanup(host.Close)
	// another site, not only another port
	own = strings.Replace(host.URL, "127.0.0.1", "localhost", 1)
	return own
}

// openHost returns a tab for a page whose frames are of another site.
func openHost(t *testing.T) lab {
	t.Helper()
	p := lab{chromium.Open(t), t}
	p.Expect("request to another origin")
	return p
}

// inFrame returns what is in a frame whose address has a part.
func (p lab) inFrame(part string) lab {
	p.t.Helper()
	inside := lab{p.Inside(part), p.t}
	inside.Expect("request to another origin")
	return inside
}

// A page of another origin hears what happens in a lab and is told the digests of the command line.
// It can run, rewind and load.
func TestAHostHearsAndCommands(t *testing.T) {
	p := openHost(t)
	p.Go(hostPage(t, `<iframe id="lab" width="900" height="900" src="SITE/embed.html?origin=HOST&question=Which%20one%3F#`+
		short+`"></iframe>`))
	p.Wait(time.Minute, "last('ready')?.started === false")
	p.Run(`tell({ type: "posttrain/run", version: 1 })`)
	p.Wait(2*time.Minute, "last('done')")
	type done struct {
		Version    int
		Link       string
		Digests    map[string]string
		Metrics    map[string]map[string]float64
		Prediction struct{ Question, Guess string }
	}
	first := browser.Eval[done](p.Page, "last('done')")
	endsLikeShort(t, first.Digests)
	if first.Version != 1 || !strings.Contains(first.Link, "steps=3") ||
		first.Prediction.Question != "Which one?" {
		t.Errorf("the host is told %+v", first)
	}
	inside := p.inFrame("embed.html")
	for i, l := range inside.state().Lanes {
		if len(l.Metrics) == 0 || len(first.Metrics[l.Label]) != len(l.Metrics) {
			t.Errorf("lane %d has %d metrics, the host is told %d", i, len(l.Metrics),
				len(first.Metrics[l.Label]))
		}
		for name, value := range l.Metrics {
			if first.Metrics[l.Label][name] != value {
				t.Errorf("%s of %s is %v, the host is told %v", name, l.Label, value,
					first.Metrics[l.Label][name])
			}
		}
	}
	for _, want := range []string{"ready", "step", "measured"} {
		if !browser.Eval[bool](p.Page, "heard.some((m) => m.type === 'posttrain/"+want+
			"' && m.version === 1 && m.link)") {
			t.Errorf("the host was not told %s", want)
		}
	}

	p.Run(`heard.length = 0; tell({ type: "posttrain/reset" })`)
	inside.Wait(time.Minute, "posttrain.state().lanes.every((l) => l.step === 0)")
	inside.Click(".choices button:nth-of-type(2)")
	p.Wait(time.Minute, "last('predicted')?.prediction.guess")
	p.Run(`tell({ type: "posttrain/run" })`)
	p.Wait(2*time.Minute, "last('done')")
	again := browser.Eval[done](p.Page, "last('done')")
	endsLikeShort(t, again.Digests)
	if again.Prediction.Guess == "" {
		t.Error("the host is not told what was predicted")
	}

	p.Run(`heard.length = 0; tell({ type: "posttrain/load", link: "cards?lane=nonsense" })`)
	p.Wait(time.Minute, "last('refused')?.why.includes('nonsense')")
	p.Run(`tell({ type: "posttrain/load", link: "cards?lane=sft,steps=2" })`)
	p.Wait(time.Minute, "last('ready')?.link.includes('steps=2') && "+
		"last('ready').lanes.length === 1")
}

// hostile has what a page around sends that is no command, or none of this version.
const hostile = `[
	null, 7, "", "posttrain/run", "{\"type\":\"posttrain/run\"}", [], {}, { type: "posttrain/run", version: 2 }, { type: "posttrain/runs" },
	{ type: "posttrain/__proto__" }, { type: "__proto__" }, { type: "constructor" }, { type: ["posttrain/run"] }, { type: "posttrain/load" },
	{ type: "posttrain/load", link: 5 }, { type: "posttrain/load", link: "" }, { type: "posttrain/load", link: { toString: 1 } },
	{ type: "posttrain/load", link: "cards?lane=sft&x=" + "y".repeat(3e6) }, { type: "posttrain/theme", theme: "purple" },
	{ type: "posttrain/theme", theme: "<b>" }, { type: "posttrain/done" }, new ArrayBuffer(5e7),
]`

// A page that is not the one around, or says what is no command, changes nothing.
func TestAHostileHost(t *testing.T) {
	p := openHost(t)
	p.Go(hostPage(t, `<iframe id="lab" width="900" height="900" src="SITE/embed.html?start&origin=HOST#`+short+
		`"></iframe><iframe id="beside" srcdoc="<p>Beside</p>"></iframe>
		<iframe id="other" width="900" height="900" src="SITE/embed.html?start&origin=https%3A%2F%2Felsewhere.example#`+
		short+`"></iframe>`))
	p.Wait(2*time.Minute, "last('ready')?.started")
	p.Run(`for (const m of ` + hostile + `) tell(m);
		const forged = document.createElement("script");
		forged.textContent = "parent.frames[0].postMessage({ type: 'posttrain/run', version: 1 }, '*'); parent.frames[2].postMessage({ type: 'posttrain/run' }, '*')";
		document.querySelector("#beside").contentDocument.body.append(forged);
		document.querySelector("#other").contentWindow.postMessage({ type: "posttrain/run" }, "*");`)
	// whatever was sent before it has been handled when this has been
	p.Run(`tell({ type: "posttrain/theme", theme: "dark" })`)
	for _, inside := range []lab{p.inFrame("origin=http%3A"), p.inFrame("elsewhere.example")} {
		inside.Wait(2*time.Minute, "window.posttrain?.link()")
		s := inside.state()
		if s.Running || len(s.Lanes) != 2 || s.Lanes[0].Step > 0 || !strings.Contains(inside.link(),
			"steps=3") {
			t.Errorf("a hostile page has changed the lab to %q, %+v", inside.link(), s)
		}
	}
	theirs := p.inFrame("origin=http%3A")
	theirs.Wait(time.Minute, "document.documentElement.dataset.theme === 'dark'")
	p.Run(`tell({ type: "posttrain/run" })`)
	p.Wait(2*time.Minute, "last('done')")
	endsLikeShort(t, theirs.digests())
	if browser.Eval[bool](p.Page, "heard.some((m) => m.link?.includes('yyy'))") {
		t.Error("a link that is too long was answered")
	}
	other := p.inFrame("elsewhere.example")
	if s := other.state(); s.Running || s.Lanes[0].Step > 0 {
		t.Errorf("a page that is not the one asked for has run a lab: %+v", s)
	}
}

// The element runs and rewinds its lab, tells what happens as events, and looks as the page around
// it does.
func TestTheElementOfAHost(t *testing.T) {
	p := openHost(t)
	p.Go(hostPage(t, `<style>body { background: #fff; } body.night { background: #111; }</style>
		<posttrain-lab link="`+short+`" title="Mine" text="Read this first." question="Which?"></posttrain-lab>
		<script src="SITE/posttrain-lab.js"></script>
		<script>
			globalThis.lab = document.querySelector("posttrain-lab");
			globalThis.told = {};
			for (const e of ["ready", "step", "measured", "predicted", "done", "refused"]) lab.addEventListener(e, ({ detail }) => { told[e] = detail; });
			lab.run();
		</script>`))
	p.Wait(2*time.Minute, "told.done")
	endsLikeShort(t, browser.Eval[map[string]string](p.Page, "told.done.digests"))
	if !browser.Eval[bool](p.Page, "told.ready.started && Boolean(told.step && "+
		"told.measured)") {
		t.Error("the element has not told everything")
	}
	inside := p.inFrame("embed.html")
	for selector, want := range map[string]string{"h1": "Mine", ".lead": "Read this first.",
		".predict": "Which?"} {
		inside.reads(selector, want)
	}
	const paper = "getComputedStyle(document.body).backgroundColor"
	inside.Wait(time.Minute, paper+" === 'rgb(251, 250, 246)'")
	p.Run("document.body.classList.add('night')")
	inside.Wait(time.Minute, paper+" === 'rgb(19, 20, 23)'")
	inside.Wait(time.Minute, "document.querySelector('#stage iframe').contentDocument."+
		"documentElement.dataset.theme === 'dark'")
	p.Run("lab.setAttribute('theme', 'light')")
	inside.Wait(time.Minute, paper+" === 'rgb(251, 250, 246)'")
	p.Run("lab.reset()")
	inside.Wait(time.Minute, "posttrain.state().lanes.every((l) => l.step === 0)")
}

// The compact form fits a slide, before it is started, while it trains and when it is done; with a
// question of one's own it has the buttons to answer it. A pointer leaves the keys to the deck.
func TestTheCompactForm(t *testing.T) {
	p := openHost(t)
	p.Go(hostPage(t, `<style>body { margin: 0 } posttrain-lab { width: 700px }</style>
		<posttrain-lab link="`+short+`" title="Two ways to learn" view="compact"></posttrain-lab>
		<posttrain-lab link="memorise" view="compact" question="Who will be better at rule B?"></posttrain-lab>
		<script src="SITE/posttrain-lab.js"></script>
		<script>globalThis.keys = []; addEventListener("keydown", ({ key }) => keys.push(key));
			globalThis.labs = [...document.querySelectorAll("posttrain-lab")];</script>`))
	const most = 480
	low := func(when string) {
		t.Helper()
		for i, inside := range []lab{p.inFrame("Two"), p.inFrame("memorise")} {
			inside.Wait(time.Minute, "document.querySelector('.start') || "+
				"!document.querySelector('.early')")
			height := browser.Eval[float64](inside.Page,
				"document.documentElement.getBoundingClientRect().height")
			if height > most || height < 150 {
				t.Errorf("%s: lab %d is %v pixels high, want at most %d", when, i, height, most)
			}
			if over := browser.Eval[float64](inside.Page,
				"document.documentElement.scrollWidth - innerWidth"); over > 0 {
				t.Errorf("%s: lab %d is %v pixels too wide", when, i, over)
			}
		}
	}
	p.Wait(time.Minute, "labs.every((l) => l.clientHeight > 0 && l.clientHeight !== 430)")
	low("before it is started")
	first, second := p.inFrame("Two"), p.inFrame("memorise")
	for _, inside := range []lab{first, second} {
		inside.Click("button.start-lab")
		inside.Wait(2*time.Minute, "window.posttrain?.link() && "+
			"!document.querySelector('button.run').disabled")
	}
	low("when it is started")
	second.reads(".predict", "Who will be better at rule B?")
	if browser.Eval[bool](first.Page, "document.querySelector('.predict').checkVisibility()") {
		t.Error("a compact lab without a question of the page around it asks one")
	}
	first.Click("button.run")
	first.Wait(time.Minute, "posttrain.state().done")
	endsLikeShort(t, first.digests())
	first.Wait(time.Minute, "document.querySelector('.headline').innerText.includes('SFT')")
	low("when it is done")
	p.Press("x")
	p.Wait(time.Minute, "keys.includes('x')")
}
