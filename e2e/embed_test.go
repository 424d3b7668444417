package e2e

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
	"github.com/posttrain/posttrain/site"
)

// noise is what a hostile or a broken host page may send.
const noise = `[
	null, 7, "", "{", {}, {type: "connect"}, {type: "record", recipe: "{"}, {type: "open"}, {type: "posttrain/height", height: -1},
	{type: "posttrain/height", height: "<b>"}, {subject: "lti.frameResize"}, {type: "view", view: "x"}, [1, 2], {get: 1},
]`

// openCourse opens the page for courses.
func openCourse(t *testing.T) lab {
	t.Helper()
	p := lab{chromium.Again(t), t}
	p.visit("/course.html")
	p.Wait(time.Minute, "customElements.get('posttrain-lab')")
	p.Run(`globalThis.element = document.querySelector("#element"), globalThis.inner = element.querySelector("iframe")`)
	return p
}

// One page has an experiment as an element, in a frame, and in a frame that is allowed nothing but
// scripts. Each waits until it is started; all three give the same bits, and each gets as high as
// it is.
func TestEmbeddedInACourse(t *testing.T) {
	p := openCourse(t)
	const link = " memorise?\n  seed=7\n  &amp;hide=cost\n"
	// perhaps before it has opened its own
	p.Run(`element.scrollIntoView(); element.setAttribute("link", ` + quote(link) + `)`)
	p.Wait(time.Minute, "inner.contentDocument.querySelector('.start')?.innerText.includes('SFT "+
		"memorises, RL generalises')")
	p.awaitHeight("inner")
	card := browser.Eval[string](p.Page, "inner.contentDocument.querySelector('.start').innerText")
	for _, want := range []string{"Exhibit 2", "Forty steps of imitation",
		"Who will be better at rule B", "Start", "GRPO", "steps=300, style=y", "seed=7"} {
		if !strings.Contains(card, want) {
			t.Errorf("before it is started the experiment says %q, want %q in it", card, want)
		}
	}
	// those of the page before end soon
	for end := time.Now().Add(time.Minute); len(p.Workers()) > 0; time.Sleep(
		100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d workers before anything is started", len(p.Workers()))
		}
	}

	p.Run(`element.setAttribute("link", ` + quote(short) + `)`)
	p.Wait(time.Minute, "inner.contentDocument.querySelector('.tracks').children.length === 2 && "+
		"inner.contentDocument.querySelector('.kicker').innerText.includes('Card sums')")
	p.startIn("inner")
	p.Run("inner.contentWindow.posttrain.run()")
	p.Wait(time.Minute, "inner.contentWindow.posttrain.state().done")
	endsLikeShort(t, p.digestsOf("inner"))
	p.awaitHeight("inner")
	wide := browser.Eval[float64](p.Page, "inner.clientHeight")
	p.Show(browser.View{Width: 390, Height: 800})
	p.awaitHeight("inner")
	if narrow := browser.Eval[float64](p.Page, "inner.clientHeight"); narrow <= wide {
		t.Errorf("the element is %v pixels high when it is narrow and %v when it is wide", narrow,
			wide)
	}
	p.Show(browser.View{Width: 1280, Height: 900})

	p.Run(`globalThis.plain = document.querySelector("#plain"); plain.src = "embed.html#" + ` +
		quote(short) + `; plain.scrollIntoView()`)
	p.startIn("plain")
	p.Run("plain.contentWindow.posttrain.run()")
	p.Wait(time.Minute, "plain.contentWindow.posttrain.state().done")
	endsLikeShort(t, p.digestsOf("plain"))
	p.awaitHeight("plain")
	if !browser.Eval[bool](p.Page, "inner.contentWindow.posttrainCompiled.size > 0 && "+
		"!plain.contentWindow.posttrainCompiled") {
		t.Error("the second experiment has compiled what the first had compiled already")
	}

	p.Run(`globalThis.sandboxed = document.querySelector("#sandboxed"); sandboxed.src = "embed.html#" + ` + quote(short) + `; sandboxed.scrollIntoView()`)
	p.Wait(time.Minute, "sandboxed.style.height")
	inside := lab{p.Inside("embed.html"), t}
	inside.Wait(time.Minute, "document.querySelector('.tracks').children.length === 2")
	inside.Click("button.start-lab")
	inside.Wait(time.Minute, "posttrain.link().includes('steps=3')")
	endsLikeShort(t, inside.train(time.Minute))
	for end := time.Now().Add(5 * time.Minute); ; { // it is still writing down what has happened
		have := browser.Eval[int](p.Page, "sandboxed.clientHeight")
		want := browser.Eval[int](inside.Page,
			"Math.ceil(document.documentElement.getBoundingClientRect().height)")
		if have == want {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the sandboxed frame is %d pixels high, what is in it %d", have, want)
		}
	}
}

// The card shows the host page's title of the experiment and what its link sets, even if programs
// have changed the link on its way.
func TestTheStartCard(t *testing.T) {
	p := openCourse(t)
	p.Run(`element.scrollIntoView()`)
	const link = "cards?seed=7&lane=sft,steps=40,style=y&lane=grpo~sft,lr=0.01&hide=cost"
	const said = `inner.contentDocument.querySelector(".start").innerText`
	for how, given := range map[string]string{
		"as it is":      link,
		"with entities": strings.ReplaceAll(link, "&", "&amp;"),
		"with line breaks": "\n  " + strings.NewReplacer(",", ",\n    ", "&",
			"\n  &").Replace(link) + "\n",
		"with escaped signs": strings.NewReplacer("?", "%3F", "=", "%3D", "&", "%26", ",",
			"%2C", "~", "%7E").Replace(link),
		"with escapes of escapes": strings.NewReplacer("?", "%253F", "&", "%26amp;").Replace(link),
	} {
		p.Run(`element.setAttribute("link", "memorise")`)
		p.Wait(time.Minute,
			`inner.contentDocument.querySelector(".start")?.innerText.includes("SFT memorises")`)
		p.Run(`element.setAttribute("link", ` + quote(given) + `)`)
		p.Wait(time.Minute, said+`.includes("seed=7")`)
		card := browser.Eval[string](p.Page, said)
		for _, want := range []string{"An experiment: Card sums under a face-card rule",
			"Forty steps of imitation", "steps=40, style=y", "GRPO → SFT",
			"default settings → lr=0.01"} {
			if !strings.Contains(card, want) {
				t.Errorf("%s: the card says %q, want %q in it", how, card, want)
			}
		}
		if strings.Contains(card, "hide") {
			t.Errorf("%s: the card says %q, with a key that is the page's own", how, card)
		}
	}
	p.Run(`element.removeAttribute("title"); element.setAttribute("link", "memorise")`)
	p.Wait(time.Minute,
		`inner.contentDocument.querySelector("h1")?.innerText === "SFT memorises, RL generalises"`)
}

// startIn presses Start in a frame and waits until short can be run there.
func (p lab) startIn(frame string) {
	p.t.Helper()
	// A frame that is loaded when it is seen may be moved out of sight by what is above it.
	p.Wait(time.Minute, "("+frame+".scrollIntoView(), "+frame+
		".contentDocument.querySelector('button.start-lab') && "+frame+
		".contentDocument.querySelector('.tracks').children.length === 2)")
	p.Run(frame + ".contentDocument.querySelector('button.start-lab').click()")
	p.Wait(2*time.Minute, frame+".contentWindow.posttrain?.link()?.includes('steps=3')")
}

// digestsOf returns the digests of the lab in a frame.
func (p lab) digestsOf(frame string) map[string]string {
	p.t.Helper()
	return browser.Eval[map[string]string](p.Page,
		"Object.fromEntries("+frame+".contentWindow.posttrain.state().lanes.map((l) => [l.label, "+
			"l.digest]))")
}

// awaitHeight waits until a frame is as high as what is in it.
func (p lab) awaitHeight(frame string) {
	p.t.Helper()
	p.Wait(time.Minute, frame+".clientHeight === Math.ceil("+frame+
		".contentDocument.documentElement.getBoundingClientRect().height)")
}

// The element follows its attributes, listens to its own frame alone, and survives being moved and
// copied.
func TestTheElement(t *testing.T) {
	p := openCourse(t)
	p.Run(`element.scrollIntoView()`)
	p.Wait(time.Minute, "inner.contentDocument.querySelector('.start')")
	p.awaitHeight("inner")
	p.Run(`for (const m of [{type: "posttrain/height", height: 5}, ...` + noise +
		`]) postMessage(m, "*")`)
	p.Run(`await new Promise((resolve) => { addEventListener("message", ({data}) => data === "last" && resolve()); postMessage("last", "*"); })`)
	// that of what is in it and not one that another window has told; it tells again only when it
	// changes
	p.awaitHeight("inner")
	p.Run(`element.title = "Another"; element.setAttribute("height", "444")`)
	if title, now := browser.Eval[string](p.Page, "inner.title"), browser.Eval[int](p.Page,
		"inner.clientHeight"); title != "Another" || now != 444 {
		t.Errorf("with a title and a height of its own it is called %q and is %d pixels high",
			title, now)
	}
	p.Run(`document.querySelector("main").prepend(element); element.removeAttribute("height"); element.setAttribute("link", ` + quote("\n  "+strings.NewReplacer(",", ",\n    ", "&", "\n  &amp;").Replace(short)+"\n") + `); element.scrollIntoView()`)
	p.Wait(time.Minute, "inner.contentDocument.querySelector('.tracks')?.children.length === 2")
	p.Run(`element.setAttribute("start", "")`)
	p.Wait(time.Minute, "inner.contentWindow.posttrain?.link()?.includes('steps=3') && "+
		"inner.contentWindow.posttrain.state().lanes.length === 2")
	p.awaitHeight("inner")
	p.Run(`globalThis.copy = element.cloneNode(true), element.after(copy)`)
	if n := browser.Eval[[]int](p.Page,
		"[element, copy].map((e) => e.querySelectorAll('iframe').length)"); n[0] != 1 || n[1] != 1 {
		t.Errorf("after it was moved the element has %d frames, its copy %d", n[0], n[1])
	}
	p.Run("copy.remove()")
}

// A message of the host page that is not one of ours changes nothing.
func TestNoiseFromAHostPage(t *testing.T) {
	p := openDrawn(t, short)
	p.awaitRest()
	p.awaitStage()
	p.Run(`posttrain.run(); for (const m of ` + noise +
		`) { postMessage(m, "*"); document.querySelector("#stage iframe").contentWindow.postMessage(m, "*"); }`)
	p.Wait(time.Minute, "posttrain.state().done")
	endsLikeShort(t, p.digests())
	p.awaitStage()
}

// silent keeps a server from sending the header with which it lets any page load its modules.
type silent struct{ http.ResponseWriter }

func (s silent) WriteHeader(code int) {
	s.Header().Del("Access-Control-Allow-Origin")
	s.ResponseWriter.WriteHeader(code)
}

// Where modules cannot be loaded the page says why, and what to do: opened as a file, in a sandbox
// if the host sends no header for it, and where a file is missing. The element needs no header.
func TestWhereModulesDoNotLoad(t *testing.T) {
	p := lab{chromium.Open(t), t}
	complaints := []string{"/favicon.svg", "CORS policy", "net::ERR_FAILED",
		"request to another origin", "404 (Not Found)", "SyntaxError"}
	for _, c := range complaints {
		p.Expect(c)
	}
	index, err := filepath.Abs(filepath.Join(built, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	p.Go("file://" + filepath.ToSlash(index) + "#" + short)
	p.reads("#lab", "This page needs a web server")
	p.reads("#lab", "python3 -m http.server")
	p.reads("#lab", "http://localhost:8000/index.html#"+short)

	handler := site.Handler(built)
	playground := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(silent{w}, r)
	}))
	t.Cleanup(playground.Close)
	course := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><title>A course</title><link rel="icon" href="data:,">
			<script>addEventListener("message", (e) => { if (e.data.type === "posttrain/height" && e.source === document.querySelector("posttrain-lab iframe").contentWindow) globalThis.told = e.data.height; });</script>
			<posttrain-lab link="memorise"><p>No experiment here</p></posttrain-lab><iframe sandbox="allow-scripts" src="` + playground.URL + `/embed.html#memorise"></iframe>
			<script src="` + playground.URL + `/posttrain-lab.js"></script>`))
	}))
	t.Cleanup(course.Close)
	p.Go(course.URL)
	p.Wait(time.Minute, "told > 0 && !document.querySelector('posttrain-lab p').checkVisibility()")
	inside := lab{p.Inside("embed.html#memorise"), t}
	for _, c := range complaints {
		inside.Expect(c)
	}
	inside.reads("#lab", "This experiment cannot be loaded here")
	inside.reads("#lab", "Access-Control-Allow-Origin: *")

	for _, missing := range []string{"/welcome.json", "/js/lab.js", "/js/part-"} {
		incomplete := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter,
			r *http.Request) {
			if strings.HasPrefix(r.URL.Path, missing) {
				http.NotFound(w, r)
				return
			}
			handler.ServeHTTP(w, r)
		}))
		t.Cleanup(incomplete.Close)
		p.Go(incomplete.URL)
		p.reads("#lab", "This page could not be loaded completely")
	}
}
