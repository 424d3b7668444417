package e2e

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
)

// A graphics context that is lost brings another stage, and no lane notices.
func TestALostContextIsReplaced(t *testing.T) {
	p := openDrawn(t, short)
	p.awaitRest()
	p.awaitStage()
	p.Run(`globalThis.first = document.querySelector("#stage iframe")`)
	p.Run(`posttrain.run(), first.contentDocument.querySelector("canvas").getContext("webgl2").getExtension("WEBGL_lose_context").loseContext()`)
	p.Wait(time.Minute,
		`document.querySelector("#stage iframe") && document.querySelector("#stage iframe") !== first`)
	p.awaitStage()
	p.Wait(time.Minute, "posttrain.state().done")
	endsLikeShort(t, p.digests())
}

// Without WebGL the page says so, shows the table, and trains.
func TestWithoutWebGL(t *testing.T) {
	blind, err := browser.Start(context.Background(), browser.NoGL()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(blind.Close)
	p := openLabIn(blind.Open(t), t, short)
	p.reads("#stage", "cannot be drawn here")
	endsLikeShort(t, p.train(time.Minute))
	p.reads(".as-table", "Accuracy")
}

// If the script of the drawing cannot be fetched, the drawing sends no message. The page reports it
// all the same.
func TestWithoutTheDrawingsScript(t *testing.T) {
	p := openDrawn(t, short, `if (location.pathname.endsWith("/stage.html")) globalThis.addEventListener = () => {};
		const online = fetch; globalThis.fetch = (a, ...b) => String(a).endsWith("/stage.js") ? Promise.reject(new TypeError("Failed to fetch")) : online(a, ...b);`)
	p.reads("#stage", "cannot be drawn here: the program that draws did not load: this site "+
		"cannot be reached at the moment. Check the connection")
	endsLikeShort(t, p.train(time.Minute))
}

// Without vector instructions the bits are the same.
func TestWithoutSIMD(t *testing.T) {
	p := openLab(t, short, "WebAssembly.validate = () => false")
	endsLikeShort(t, p.train(2*time.Minute))
}

// Prompts of one's own are taken from a file in whichever way a spreadsheet has written it, and are
// the same data set; what is none is named.
func TestFilesFromSpreadsheets(t *testing.T) {
	p := openLab(t, short)
	at := p.link()
	choose := func(content string) {
		p.Run("document.querySelector('[data-path=data]').open = true")
		p.Wait(time.Minute, "document.querySelector('#data-file')")
		p.Run(`
			const chosen = new DataTransfer();
			chosen.items.add(new File([Uint8Array.from(` + content + `)], "mine.csv"));
			const input = document.querySelector("#data-file");
			input.files = chosen.files;
			input.dispatchEvent(new Event("change"));`)
	}
	const rows = `"Prompt;Answer\r\nA1234=;0\r\nA3456=;\r\nA5678=;6\r\nAJJ11=;2\r\n"`
	choose(`[..."PK\x03\x04"].map((c) => c.charCodeAt(0))`)
	p.reads("#data-complaint",
		"mine.csv is an Excel workbook (.xlsx) or another zip archive: save the sheet as CSV.")
	if now := p.link(); now != at {
		t.Errorf("after a workbook the page is at %s, want %s", now, at)
	}
	choose(`[0xff, 0xfe, ...[...` + rows + `].flatMap((c) => [c.charCodeAt(0), 0])]`) // UTF-16
	p.Wait(time.Minute, "posttrain.link().includes('data=')")
	with := p.link()
	p.Run("await posttrain.load(" + quote(short) + ")")
	choose(`[..."{\"prompt\":\"A1234=\",\"answer\":\"0\"}\n{\"prompt\":\"A3456=\"}\n{\"prompt\":\"A5678=\",\"answer\":6}\n{\"prompt\":\"AJJ11=\",\"answer\":\"2\"}"].map((c) => c.charCodeAt(0))`)
	p.Wait(time.Minute, "posttrain.link().includes('data=')")
	if now := p.link(); now != with {
		t.Errorf("JSON Lines give %s, the table %s", now, with)
	}
}

// A link that is put into the address of the page is taken up. A wrong one is refused with a
// sentence and can be repaired, while the page and its address stay with what is open. The way to
// skip what comes before the lab is no link.
func TestLinksInTheAddress(t *testing.T) {
	p := openLab(t, short)
	at := p.link()
	for _, broken := range []string{"memorize", "%zz", "cards?lane=sft,lr=%", "%00",
		"cards?lane=sft&v=99"} {
		p.Run("location.hash = " + quote(broken))
		p.Wait(time.Minute, "!document.querySelector('.notice').hidden && "+
			"document.querySelector('.notice textarea').value === "+quote(broken))
		p.reads(".notice", "This link cannot be opened")
		p.Click(button("Close"))
		if now := p.link(); now != at || browser.Eval[string](p.Page, "location.hash") != "#"+at {
			t.Errorf("%q has put %s in the place of %s", broken, now, at)
		}
	}
	if why := browser.Eval[string](p.Page, "posttrain.load('cards?lane=gpro').then(() => '', (e) "+
		"=> e.message)"); !strings.Contains(why, "did you mean grpo?") {
		t.Errorf("a wrong link is refused with %q", why)
	}
	p.reads(".notice", "did you mean grpo?")
	p.Click(button("Close"))
	p.Run(`document.querySelector(".skip").focus()`)
	p.Press("\r")
	p.Wait(time.Minute, "location.hash === '#lab'")
	if browser.Eval[bool](p.Page, "!document.querySelector('.notice').hidden") || p.link() != at {
		t.Error("skipping to the lab is taken for a link")
	}
	p.Run("location.hash = 'cards?lane=sft,steps=2'")
	p.Wait(time.Minute, "posttrain.link().includes('steps=2')")
}
