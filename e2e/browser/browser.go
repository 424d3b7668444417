// Package browser starts a Chromium without a window and lets tests use pages as a person does. A
// complaint on the console, an uncaught error or a request to another host fails the page's test.
package browser

import (
	"bytes"
	"context"
	"fmt"
	"os"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// A Flag is an argument of Chromium, without the dashes in front.
type Flag struct {
	Name  string
	Value any // true, or a string
}

// SoftwareGL returns the flags with which pages can draw with WebGL on a machine without a graphics
// card. The page itself is painted without GL, which is a quarter of the time of most tests faster.
func SoftwareGL() []Flag {
	return []Flag{{"use-angle", "swiftshader"}, {"enable-unsafe-swiftshader", true},
		{"ignore-gpu-blocklist", true}, {"disable-gpu-rasterization", true}}
}

// NoGL returns the flags with which pages have no WebGL.
func NoGL() []Flag { return []Flag{{"disable-gpu", true}, {"disable-3d-apis", true}} }

// quiet has flags for a browser without a window and without requests of its own, whose timers are
// not slowed down in the background. A page that is left ends at once, with its workers.
var quiet = []string{
	"headless", "hide-scrollbars", "disable-quic", "no-first-run", "no-default-browser-check",
	"disable-background-networking",
	"disable-component-update", "disable-sync", "disable-extensions", "disable-default-apps",
	"disable-dev-shm-usage",
	"disable-back-forward-cache", "disable-background-timer-throttling",
	"disable-backgrounding-occluded-windows", "disable-renderer-backgrounding",
}

// A Browser is a Chromium that runs.
type Browser struct {
	ctx    context.Context // of its first tab
	close  func()
	abroad *abroad
	used   *Page // the tab of Again
}

// Start starts a Chromium that ends with ctx or with Close.
func Start(ctx context.Context, flags ...Flag) (*Browser, error) {
	chromium, err := Find()
	if err != nil {
		return nil, err
	}
	foreign, err := listenAbroad()
	if err != nil {
		return nil, err
	}
	var said bytes.Buffer
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(chromium), chromedp.CombinedOutput(&said),
		chromedp.ProxyServer(foreign.url), chromedp.WSURLReadTimeout(patience),
	}
	for _, name := range quiet {
		options = append(options, chromedp.Flag(name, true))
	}
	for _, f := range flags {
		options = append(options, chromedp.Flag(f.Name, f.Value))
	}
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // the sandbox is not for the superuser
	}
	ctx, closeBrowser := chromedp.NewExecAllocator(ctx, options...)
	ctx, closeTab := chromedp.NewContext(ctx)
	b := &Browser{ctx: ctx, abroad: foreign, close: func() {
		closeTab()
		closeBrowser()
		foreign.close()
	}}
	if _, err := chromedp.CallBrowser(ctx, target.GetTargets,
		target.GetTargetsParams{}); err != nil {
		b.close()
		return nil, fmt.Errorf("%s does not start: %w\n%s", chromium, err, said.Bytes())
	}
	return b, nil
}

// Close ends the browser.
func (b *Browser) Close() { b.close() }

// Tab returns the context of the browser's first tab, for chromedp.
func (b *Browser) Tab() context.Context { return b.ctx }
