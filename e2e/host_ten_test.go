package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
)

// A page with ten labs is light until one of them is started. Those that are told to run train one
// after the other, so that no more lanes train at a time than one lab has.
func TestTenLabsOnAPage(t *testing.T) {
	p := openHost(t)
	var labs strings.Builder
	for i := range 10 {
		fmt.Fprintf(&labs, `<posttrain-lab link="%s&seed=%d" view="compact"></posttrain-lab>`,
			short, i+1)
	}
	p.Go(hostPage(t, labs.String()+`<script src="SITE/posttrain-lab.js"></script>
		<script>
			globalThis.labs = [...document.querySelectorAll("posttrain-lab")];
			globalThis.done = new Set(); globalThis.training = new Map(); globalThis.most = 0;
			for (const lab of labs) {
				for (const kind of ["step", "measured"]) lab.addEventListener(kind, () => { training.set(lab, performance.now()); });
				lab.addEventListener("done", ({ detail }) => { done.add(lab); lab.digests = Object.values(detail.digests).join(); });
			}
		</script>`))
	p.Run(`globalThis.shown = (async () => {
		for (const lab of labs) {
			lab.scrollIntoView();
			while (lab.clientHeight === 430) await new Promise((f) => setTimeout(f, 50)); // until its card is there
		}
		return true;
	})()`)
	p.Wait(2*time.Minute, "labs.every((l) => l.clientHeight !== 430)")
	inside := p.inFrame("seed=1")
	// of the page, and of the process that all labs share
	if used := p.Memory() + inside.Memory(); used > 300e6 {
		t.Errorf("ten labs that nobody has started take %.0f MB, want less than 300", used/1e6)
	} else {
		t.Logf("ten labs that nobody has started take %.0f MB", used/1e6)
	}
	if n := len(p.Workers()); n > 0 {
		t.Errorf("%d workers before anything is started", n)
	}
	// how many of the labs hold the lock at a time, asked of the browser itself
	inside.Run(`globalThis.held = 0; globalThis.look = setInterval(async () => {
		const { held } = await navigator.locks.query();
		globalThis.held = Math.max(globalThis.held, held.filter((l) => l.name === "posttrain trains").length);
	}, 50)`)
	p.Run("for (const lab of labs.slice(0, 3)) lab.run()")
	p.Wait(3*time.Minute, "done.size === 3")
	if held := browser.Eval[int](inside.Page, "held"); held != 1 {
		t.Errorf("%d labs have trained at a time, want 1", held)
	}
	if n := browser.Eval[int](p.Page, "new Set(labs.slice(0, 3).map((l) => "+
		"l.digests)).size"); n != 3 {
		t.Errorf("three seeds have given %d different results", n)
	}
}
