// Package browser starts a Chromium without a window and lets tests use pages as a person does. What a page complains about
// on its console, what it leaves uncaught and what it asks another host for fails its test.
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
// card.
func SoftwareGL() []Flag {
	return []Flag{{"use-angle", "swiftshader"}, {"enable-unsafe-swiftshader", true}, {"ignore-gpu-blocklist", true}}
}

// NoGL returns the flags with which pages have no WebGL.
func NoGL() []Flag { return []Flag{{"disable-gpu", true}, {"disable-3d-apis", true}} }

// quiet keeps the browser to itself: no window, no news from outside, a profile that is thrown away, and timers that are not
// slowed down although no window is in front. A page that is left ends at once, with its workers.
var quiet = []string{
	"headless", "hide-scrollbars", "disable-quic", "no-first-run", "no-default-browser-check", "disable-background-networking",
	"disable-component-update", "disable-sync", "disable-extensions", "disable-default-apps", "disable-dev-shm-usage",
	"disable-back-forward-cache", "disable-background-timer-throttling", "disable-backgrounding-occluded-windows", "disable-renderer-backgrounding",
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
		chromedp.ExecPath(chromium), chromedp.CombinedOutput(&said), chromedp.ProxyServer(foreign.url), chromedp.WSURLReadTimeout(patience),
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
	if _, err := chromedp.CallBrowser(ctx, target.GetTargets, target.GetTargetsParams{}); err != nil {
		b.close()
		return nil, fmt.Errorf("%s does not start: %w\n%s", chromium, err, said.Bytes())
	}
	return b, nil
}

// Close ends the browser.
func (b *Browser) Close() { b.close() }

// Tab is the context of the browser's first tab, for chromedp.
func (b *Browser) Tab() context.Context { return b.ctx }
