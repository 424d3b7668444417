package e2e

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
	"github.com/posttrain/posttrain/site"
)

// onefile returns a link's page in one file.
func onefile(t *testing.T, link string) []byte {
	t.Helper()
	subject, err := site.Experiment(link)
	if err != nil {
		t.Fatal(err)
	}
	return pageOf(t, subject)
}

// pageOf returns the page of a subject in one file.
func pageOf(t *testing.T, subject site.Subject) []byte {
	t.Helper()
	if err := remember(); err != nil {
		t.Fatal(err)
	}
	page, err := site.OneFile(t.Context(), tree, built, subject)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// openFile opens a page from the disk. From then on the browser complains about every request of
// something else.
func openFile(t *testing.T, page []byte, before ...string) lab {
	t.Helper()
	file, err := filepath.Abs(filepath.Join(t.TempDir(), "page.html"))
	if err == nil {
		err = os.WriteFile(file, page, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	p := lab{chromium.Open(t), t}
	for _, script := range before {
		p.Before(script)
	}
	p.Go("file://" + filepath.ToSlash(file))
	return p
}

// A page in one file trains to the digests of the command line and draws, without a server and
// without a request. What is not in it is said, or is not there.
func TestOneFile(t *testing.T) {
	page := onefile(t, short)
	if len(page) >= 8_000_000 {
		t.Errorf("the file has %d bytes, want less than 8,000,000", len(page))
	}
	p := openFile(t, page, axe(t))
	p.Show(calm)
	p.Wait(time.Minute, "window.posttrain && !document.querySelector('button.run').disabled")
	if link := p.link(); !strings.HasPrefix(link, "cards?") || !strings.Contains(link, "steps=3") {
		t.Errorf("the file opens with %s", link)
	}
	endsLikeShort(t, p.train(time.Minute))
	p.awaitStage()
	p.Expect("Failed to execute 'postMessage'") // by axe, which takes a file for a host
	for _, v := range browser.Eval[[]string](p.Page, violations("window")) {
		t.Error(v)
	}
	if out := browser.Eval[[]string](p.Page, `[...document.querySelectorAll("a[href]")].map(`+
		`(a) => a.getAttribute("href")).filter((h) => !h.startsWith("#"))`); len(out) > 0 {
		t.Errorf("the file has links to %q, which it does not carry", out)
	}
	if link := browser.Eval[string](p.Page, "document.getElementById('copy-link').value"); link !=
		p.link() {
		t.Errorf("the link to copy is %q, want %q: a file has no address", link, p.link())
	}

	p.openBoard()
	p.Run(`document.querySelector("[data-dial=average] input:checked").focus()`)
	p.reads(".source", "core/method/dial_parts.go")
	// not by Click: in a document of 8 MB the driver may still take the button for disabled
	p.Run(`document.querySelector("[data-place=slow]").click()`)
	p.Click(".walk-start button") // the first update again, since the run is over
	p.Wait(time.Minute, "document.querySelector('.walked')?.checkVisibility()")
	p.Run(`document.querySelector("details.origin").open = true`)
	p.reads("details.origin pre", "package method")
	for _, name := range []string{"board", "anatomy"} {
		if got := browser.Eval[string](p.Page, "document.querySelector('[data-file=\"css/"+name+
			".css\"]').media"); got != "all" {
			t.Errorf("the styles of %s apply to %q, want all", name, got)
		}
	}

	file, _ := smallResults(t)
	p.Upload("[data-place=shelf] input[type=file]", file)
	p.reads("[data-place=notice]", "This page is one file")
	p.Run(`posttrain.load("parity?lane=sft,steps=1")`)
	p.Run("posttrain.run()")
	p.reads("[data-place=notice]", "The base parity could not be loaded: this page is one file")
}

// On a host of a course the page waits for Start, also in a frame that is allowed nothing but
// scripts and is therefore of another origin than the stage in it.
func TestOneFileInAFrame(t *testing.T) {
	page := onefile(t, short)
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		if r.URL.Path == "/unit/index.html" {
			_, _ = w.Write(page)
			return
		}
		_, _ = w.Write([]byte(`<!doctype html><title>A course</title><link rel="icon" href="data:,">
			<script>addEventListener("message", (e) => { if (e.data.type === "posttrain/height") globalThis.told = e.data.height; });</script>
			<iframe sandbox="allow-scripts" width="1000" height="900" src="unit/index.html"></iframe>`))
	}))
	t.Cleanup(host.Close)
	p := lab{chromium.Open(t), t}
	p.Go(host.URL)
	p.Wait(time.Minute, "told > 0")
	inside := lab{p.Inside("unit/index.html"), t}
	inside.reads(".start", "Nothing has to be loaded")
	inside.Click("button.start-lab")
	inside.Wait(time.Minute, "posttrain.link().includes('steps=3')")
	endsLikeShort(t, inside.train(time.Minute))
	inside.Wait(time.Minute, "document.querySelector('.stage-place.drawn')")
}

// A file that was cut short on its way says so.
func TestOneFileCutShort(t *testing.T) {
	page := onefile(t, short)
	p := openFile(t, page[:len(page)/2])
	p.Expect("one file")
	p.reads("#lab", "the file was cut short")
}
