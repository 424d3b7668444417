package e2e

import (
	"testing"
	"time"

	"posttrain/e2e/browser"
)

// noise is what a hostile or a broken host page may send.
const noise = `[
	null, 7, "", "{", {}, {type: "connect"}, {type: "record", recipe: "{"}, {type: "open"}, {type: "posttrain/height", height: -1},
	{type: "posttrain/height", height: "<b>"}, {subject: "lti.frameResize"}, {type: "view", view: "x"}, [1, 2], {get: 1},
]`

// openCourse opens the page for courses and gives its three experiments another recipe.
func openCourse(t *testing.T) lab {
	t.Helper()
	p := lab{chromium.Again(t), t}
	p.visit("/course.html")
	p.Wait(time.Minute, "customElements.get('posttrain-lab')")
	p.Run(`globalThis.element = document.querySelector("#element"), globalThis.inner = element.shadowRoot.querySelector("iframe")`)
	return p
}

// One page has an experiment as an element, in a frame, and in a frame that is allowed nothing but scripts: all three give the
// same bits, and each gets as high as it is.
func TestEmbeddedInACourse(t *testing.T) {
	p := openCourse(t)

	p.Run(`element.scrollIntoView(); element.setAttribute("link", ` + quote(short) + `)`) // perhaps before it has opened its own
	p.Wait(2*time.Minute, "inner.contentWindow.posttrain?.link()?.includes('steps=3')")
	p.Run("inner.contentWindow.posttrain.run()")
	p.Wait(time.Minute, "inner.contentWindow.posttrain.state().done")
	endsLikeShort(t, p.digestsOf("inner"))
	p.awaitHeight("inner")
	wide := browser.Eval[float64](p.Page, "inner.clientHeight")
	p.Show(browser.View{Width: 390, Height: 800})
	p.awaitHeight("inner")
	if narrow := browser.Eval[float64](p.Page, "inner.clientHeight"); narrow <= wide {
		t.Errorf("the element is %v pixels high when it is narrow and %v when it is wide", narrow, wide)
	}
	p.Show(browser.View{Width: 1280, Height: 900})

	p.Run(`globalThis.plain = document.querySelector("#plain"); plain.src = "embed.html#" + ` + quote(short) + `; plain.scrollIntoView()`)
	p.Wait(time.Minute, "plain.contentWindow.posttrain?.link()?.includes('steps=3')")
	p.Run("plain.contentWindow.posttrain.run()")
	p.Wait(time.Minute, "plain.contentWindow.posttrain.state().done")
	endsLikeShort(t, p.digestsOf("plain"))
	p.awaitHeight("plain")

	p.Run(`globalThis.sandboxed = document.querySelector("#sandboxed"); sandboxed.src = "embed.html#" + ` + quote(short) + `; sandboxed.scrollIntoView()`)
	p.Wait(time.Minute, "sandboxed.clientHeight !== 900")
	inside := lab{p.Inside("embed.html"), t}
	inside.Wait(time.Minute, "posttrain.link().includes('steps=3')")
	endsLikeShort(t, inside.train(time.Minute))
	for end := time.Now().Add(5 * time.Minute); ; { // it is still writing down what has happened
		have := browser.Eval[int](p.Page, "sandboxed.clientHeight")
		want := browser.Eval[int](inside.Page, "Math.ceil(document.documentElement.getBoundingClientRect().height)")
		if have == want {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the sandboxed frame is %d pixels high, what is in it %d", have, want)
		}
	}
}

// digestsOf are the digests of the lab in a frame.
func (p lab) digestsOf(frame string) map[string]string {
	p.t.Helper()
	return browser.Eval[map[string]string](p.Page, "Object.fromEntries("+frame+".contentWindow.posttrain.state().lanes.map((l) => [l.label, l.digest]))")
}

// awaitHeight waits until a frame is as high as what is in it.
func (p lab) awaitHeight(frame string) {
	p.t.Helper()
	p.Wait(time.Minute, frame+".clientHeight === Math.ceil("+frame+".contentDocument.documentElement.getBoundingClientRect().height)")
}

// The element follows its attributes, listens to its own frame alone, and survives being moved.
func TestTheElement(t *testing.T) {
	p := openCourse(t)
	p.Run(`element.scrollIntoView()`)
	p.Wait(time.Minute, "inner.contentWindow.posttrain")
	p.awaitHeight("inner")
	p.Run(`for (const m of [{type: "posttrain/height", height: 5}, ...` + noise + `]) postMessage(m, "*")`)
	p.Run(`await new Promise((resolve) => { addEventListener("message", ({data}) => data === "last" && resolve()); postMessage("last", "*"); })`)
	p.awaitHeight("inner") // that of what is in it and not one that another window has told; it tells again only when it changes
	p.Run(`element.title = "Another"; element.setAttribute("height", "444")`)
	if title, now := browser.Eval[string](p.Page, "inner.title"), browser.Eval[int](p.Page, "inner.clientHeight"); title != "Another" || now != 444 {
		t.Errorf("with a title and a height of its own it is called %q and is %d pixels high", title, now)
	}
	p.Run(`document.querySelector("main").prepend(element); element.removeAttribute("height"); element.setAttribute("link", ` + quote(short) + `); element.scrollIntoView()`)
	p.Wait(time.Minute, "inner.contentWindow.posttrain?.link()?.includes('steps=3')")
	p.awaitHeight("inner")
	if n := browser.Eval[int](p.Page, "element.shadowRoot.children.length"); n != 1 {
		t.Errorf("after it was moved the element has %d frames", n)
	}
}

// What a host page says to the lab that is no message of ours changes nothing.
func TestNoiseFromAHostPage(t *testing.T) {
	p := openLab(t, short)
	p.awaitRest()
	p.awaitStage()
	p.Run(`posttrain.run(); for (const m of ` + noise + `) { postMessage(m, "*"); document.querySelector("#stage iframe").contentWindow.postMessage(m, "*"); }`)
	p.Wait(time.Minute, "posttrain.state().done")
	endsLikeShort(t, p.digests())
	p.awaitStage()
}
