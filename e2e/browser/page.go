package browser

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// patience is how long a page may take for an action that is usually immediate. It is long, since
// the machine may be busy.
const patience = 5 * time.Minute

// slowness is how many times longer than expected Wait waits, for slow or busy machines.
const slowness = 5

// A Page is a tab, used by one test at a time. Errors of its methods fail the test.
type Page struct {
	t       testing.TB
	b       *Browser
	ctx     context.Context
	origin  string
	frame   bool   // inside another page, which may remove it
	leave   func() // closes the tab
	scripts []cdppage.ScriptIdentifier

	mu         sync.Mutex
	complaints []string
	expected   []string
	questions  []string // types of dialogs
}

// Open opens an empty tab with a profile of its own. At its end the test fails if a page in the tab
// has complained or made requests to other hosts.
func (b *Browser) Open(t testing.TB) *Page {
	t.Helper()
	p := b.tab(t)
	t.Cleanup(func() {
		p.settle()
		p.leave()
	})
	p.Show(plain)
	return p
}

// Again is Open for a test that may share a tab with tests before it. This is faster, since
// the browser has cached the compiled programs. After a failed test the tab is a new one.
func (b *Browser) Again(t testing.TB) *Page {
	t.Helper()
	if b.used == nil {
		b.used = b.tab(t)
	}
	p := b.used
	p.t = t
	t.Cleanup(func() {
		p.settle()
		if t.Failed() {
			b.used = nil
			p.leave()
		}
	})
	p.forget()
	return p
}

func (b *Browser) tab(t testing.TB) *Page {
	t.Helper()
	p := &Page{t: t, b: b}
	p.leave = p.attach(b.ctx, chromedp.WithNewBrowserContext())
	Call(p, cdppage.BringToFront, cdp.Empty{}) // or it may never draw
	return p
}

// forget makes the tab like a new one, with nothing that a page has kept. It opens an empty
// document of the same site, since the browser would drop its compiled programs after one of
// another site.
func (p *Page) forget() {
	p.t.Helper()
	for _, id := range p.scripts {
		Call(p, cdppage.RemoveScriptToEvaluateOnNewDocument,
			cdppage.RemoveScriptToEvaluateOnNewDocumentParams{Identifier: id})
	}
	p.scripts = nil
	if p.origin != "" {
		p.Go(p.origin + "/favicon.svg")
		Call(p, storage.ClearDataForOrigin,
			storage.ClearDataForOriginParams{Origin: p.origin, StorageTypes: "indexeddb"})
	}
	p.mu.Lock()
	p.complaints, p.questions, p.expected = nil, nil, []string{"/favicon.ico"} // by Chromium
	p.mu.Unlock()
	p.Show(plain)
}

// attach starts to record the events of a tab. leave closes the tab.
func (p *Page) attach(parent context.Context, how chromedp.ContextOption) (leave func()) {
	p.t.Helper()
	ctx, leave := chromedp.NewContext(parent, how, chromedp.WithListener(p.hear))
	p.ctx = ctx
	if err := chromedp.Do(ctx); err != nil { // no deadline: the tab ends with ctx
		leave()
		p.t.Fatal(err)
	}
	return leave
}

// do runs steps that are usually immediate.
func (p *Page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// touch acts on an element, and tries again if the page has replaced it since it was found.
func (p *Page) touch(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	err := chromedp.Do(ctx, steps...)
	for err != nil && strings.Contains(err.Error(), "Could not find node with given id") {
		err = chromedp.Do(ctx, steps...)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// Call sends a command of the DevTools protocol to the page.
func Call[P, R any](p *Page, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	result, err := chromedp.Call(ctx, command, params)
	if err != nil {
		p.t.Fatalf("%s: %v", command.Method, err)
	}
	return result
}

// Before adds a script that runs in each document of the page before the document's own.
func (p *Page) Before(script string) {
	p.t.Helper()
	added := Call(p, cdppage.AddScriptToEvaluateOnNewDocument,
		cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: script})
	p.scripts = append(p.scripts, added.Identifier)
}

// Go opens an address and waits until it is loaded. From then on, requests to other origins are
// complaints; for a file, requests of anything else are.
func (p *Page) Go(address string) {
	p.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		p.t.Fatal(err)
	}
	if origin := originOf(u); origin != "" {
		p.mu.Lock()
		p.origin = origin
		p.mu.Unlock()
	}
	p.do(chromedp.Navigate(address))
}

// Reload loads the page again, as the browser's button does, and waits until it is loaded.
func (p *Page) Reload() {
	p.t.Helper()
	p.do(chromedp.Reload())
}

// Eval evaluates an expression, waits for it if it is a promise, and returns its value.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	value, err := eval[T](p, patience, expression)
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

func eval[T any](p *Page, within time.Duration, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, within)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// Run runs statements.
func (p *Page) Run(statements string) {
	p.t.Helper()
	Eval[bool](p, "(async () => {"+statements+"; return true})()")
}

// Wait waits until an expression is true. An expression that throws is not true yet, nor is one of
// a page that leads to another one, where Wait goes on. within is how long it takes at most on an
// idle machine.
func (p *Page) Wait(within time.Duration, expression string) {
	p.t.Helper()
	const look = `new Promise((resolve) => {
		const end = performance.now() + %d;
		(function look() {
			let yes = false;
			try { yes = %s } catch {}
			if (yes || performance.now() > end) resolve(!!yes);
			else setTimeout(look, 10);
		})();
	})`
	within *= slowness
	for end := time.Now().Add(within); ; {
		left := time.Until(end)
		yes, err := eval[bool](p, left+patience, fmt.Sprintf(look, left.Milliseconds(), expression))
		switch {
		case err != nil && strings.Contains(err.Error(), "navigated") && left > 0:
			time.Sleep(10 * time.Millisecond)
		case err != nil:
			p.t.Fatalf("%s: %v", expression, err)
		case !yes:
			p.t.Fatalf("after %v still not: %s\nthe page says: %s", within, expression, p.summary())
		default:
			return
		}
	}
}

// summary returns the state of the page for the message of a failed test.
func (p *Page) summary() string {
	return Eval[string](p, `JSON.stringify({
		at: location.href, notice: document.querySelector(".notice:not([hidden])")?.textContent,
		state: window.posttrain?.state?.(), text: document.body.innerText.slice(0, 300),
	})`)
}

// Inside returns what a frame that is a process of its own shows, as a page; the address of the
// frame contains part.
func (p *Page) Inside(part string) *Page {
	p.t.Helper()
	own := Call(p, target.GetTargetInfo, target.GetTargetInfoParams{}).TargetInfo
	for _, info := range Call(p, target.GetTargets, target.GetTargetsParams{}).TargetInfos {
		if info.Type != "iframe" || info.BrowserContextID != own.BrowserContextID ||
			!strings.Contains(info.URL, part) {
			continue
		}
		inside := &Page{t: p.t, b: p.b, origin: p.origin, frame: true}
		inside.attach(p.ctx, chromedp.WithTargetID(info.TargetID)) // closing it closes its page
		p.t.Cleanup(inside.settle)
		return inside
	}
	p.t.Fatalf("no frame with an address like %q is a process of its own", part)
	return nil
}
