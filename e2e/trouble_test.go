package e2e

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"posttrain/e2e/browser"
)

// A graphics context that is lost brings another stage, and no lane notices.
func TestALostContextIsReplaced(t *testing.T) {
	p := openLab(t, short)
	p.awaitRest()
	p.awaitStage()
	p.Run(`globalThis.first = document.querySelector("#stage iframe")`)
	p.Run(`posttrain.run(), first.contentDocument.querySelector("canvas").getContext("webgl2").getExtension("WEBGL_lose_context").loseContext()`)
	p.Wait(time.Minute, `document.querySelector("#stage iframe") && document.querySelector("#stage iframe") !== first`)
	p.awaitStage()
	p.Wait(time.Minute, "posttrain.state().done")
	endsLikeShort(t, p.digests())
}

// Without WebGL the page says so, shows the table, and trains.
func TestWithoutWebGL(t *testing.T) {
	blind, err := browser.Start(context.Background(), browser.NoGL...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(blind.Close)
	p := openLabIn(blind.Open(t), t, short)
	p.reads("#stage", "cannot be drawn here")
	endsLikeShort(t, p.train(time.Minute))
	p.reads(".as-table", "Accuracy")
}

// A drawing whose script could not be fetched is silent; the page says so all the same.
func TestWithoutTheDrawingsScript(t *testing.T) {
	p := openLab(t, short, `if (location.pathname.endsWith("/stage.html")) globalThis.addEventListener = () => {};
		const online = fetch; globalThis.fetch = (a, ...b) => String(a).endsWith("/stage.js") ? Promise.reject(new TypeError("Failed to fetch")) : online(a, ...b);`)
	p.reads("#stage", "cannot be drawn here: the program that draws did not load (Failed to fetch)")
	endsLikeShort(t, p.train(time.Minute))
}

// Without vector instructions the bits are the same.
func TestWithoutSIMD(t *testing.T) {
	p := openLab(t, short, "WebAssembly.validate = () => false")
	endsLikeShort(t, p.train(2*time.Minute))
}

// A link that is wrong gives a sentence, and the page works on.
func TestBrokenLinks(t *testing.T) {
	p := openLab(t, "memorize")
	p.reads(".notice", "did you mean memorise")
	for link, says := range map[string]string{
		"cards?lane=sft,lr=fast":    "lr=fast: expected a number",
		"cards?lane=gpro":           "did you mean grpo",
		"memorise?seed=-1":          "seed=-1: expected",
		"cards?lane=sft&v=99":       "expected an engine",
		"<img src=x onerror=1>?v=1": "This link cannot be opened",
	} {
		p.Run("location.hash = " + quote(link))
		p.reads(".notice", says)
		if at := p.link(); !strings.HasPrefix(at, "memorise?") {
			t.Errorf("after %q the page is at %s, want the first exhibit", link, at)
		}
	}
	p.Run("await posttrain.load(" + quote(short) + ")")
	endsLikeShort(t, p.train(time.Minute))
}

// A link that is put into the address of the page is taken up, a wrong one is refused with a sentence, and the way to skip what
// comes before the lab is no link.
func TestLinksInTheAddress(t *testing.T) {
	p := openLab(t, short)
	at := p.link()
	for _, broken := range []string{"memorize", "%zz", "cards?lane=sft,lr=%", "%00"} {
		p.Run("location.hash = " + quote(broken))
		p.reads(".notice", "This link cannot be opened")
		p.Click(button("Close"))
		if now := p.link(); now != at {
			t.Errorf("%q has put %s in the place of %s", broken, now, at)
		}
	}
	p.Run(`document.querySelector(".skip").focus()`)
	p.Press("\r")
	p.Wait(time.Minute, "location.hash === '#lab'")
	if browser.Eval[bool](p.Page, "!document.querySelector('.notice').hidden") || p.link() != at {
		t.Error("skipping to the lab is taken for a link")
	}
	p.Run("location.hash = 'cards?lane=sft,steps=2'")
	p.Wait(time.Minute, "posttrain.link().includes('steps=2')")
}

// Running, resetting and running again, ten times, leaves the memory as it was, once it has been done some times.
func TestMemoryIsFlat(t *testing.T) {
	p := openFirst(t, short)
	p.awaitRest()
	p.awaitStage()
	again := func(times int) float64 {
		for range times {
			endsLikeShort(t, p.train(time.Minute))
			p.Run("posttrain.reset()")
			p.awaitRest()
		}
		return p.Memory()
	}
	before := again(5)
	workers := len(p.Workers())
	// A checkpoint that stays behind at each run would be 16 MB or more in every ten. The trainers' heaps find their size in the first
	// tens, so it is the last that counts.
	grown := math.Inf(1)
	for tens := 0; grown > 8e6 && tens < 3; tens++ {
		after := again(10)
		t.Logf("%.1f MB, and after ten more runs %.1f MB", before/1e6, after/1e6)
		before, grown = after, after-before
	}
	if grown > 8e6 {
		t.Errorf("memory grows at every ten runs, the last time by %.1f MB", grown/1e6)
	}
	if n := len(p.Workers()); n != workers {
		t.Errorf("%d workers have become %d", workers, n)
	}
}
