package browser

import (
	"context"
	"fmt"
	"strconv"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A View is the window and the preferences with which a person views the page.
type View struct {
	Width, Height int64
	Scale         float64 // device pixels to a pixel, 1 unless given
	Dark, Calm    bool    // prefers dark colours, prefers reduced motion
	Paper         bool    // laid out as it is printed
}

// plain is the view of a new tab.
var plain = View{Width: 1280, Height: 900}

// Show changes the view.
func (p *Page) Show(v View) {
	p.t.Helper()
	if v.Scale == 0 {
		v.Scale = 1
	}
	scheme, motion, media := "light", "no-preference", ""
	if v.Dark {
		scheme = "dark"
	}
	if v.Calm {
		motion = "reduce"
	}
	if v.Paper {
		media = "print"
	}
	Call(p, emulation.SetDeviceMetricsOverride,
		emulation.SetDeviceMetricsOverrideParams{Width: v.Width, Height: v.Height,
			DeviceScaleFactor: v.Scale})
	Call(p, emulation.SetEmulatedMedia,
		emulation.SetEmulatedMediaParams{Media: media, Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: motion},
		}})
}

// Click clicks the element of a CSS selector, or of an XPath that starts with two slashes, with the
// mouse. It clicks again, as a person does, if the element was no longer where it had been seen.
func (p *Page) Click(selector string) {
	p.t.Helper()
	for range 20 {
		watched := Eval[bool](p, fmt.Sprintf(watchClick, strconv.Quote(selector)))
		p.touch(chromedp.Click(selector, chromedp.NodeVisible, chromedp.NodeEnabled))
		if !watched || p.clicked() {
			return
		}
	}
	p.t.Fatalf("%s is never where it has just been seen", selector)
}

// watchClick has the page note whether the next click is on an element. It is false if the page
// cannot tell: the element is a frame or in one.
const watchClick = `((selector) => {
	const first = XPathResult.FIRST_ORDERED_NODE_TYPE;
	const find = () => selector.startsWith("//")
		? document.evaluate(selector, document, null, first).singleNodeValue
		: document.querySelector(selector);
	globalThis.clickHit = false;
	const look = (e) => { globalThis.clickHit ||= !!find()?.contains(e.target); };
	globalThis.clickSeen?.abort();
	globalThis.clickSeen = new AbortController();
	addEventListener("click", look, { capture: true, signal: clickSeen.signal });
	return !!find() && !find().matches("iframe");
})(%s)`

// clicked reports whether the watched click was on its element. It is true for a page that the
// click has led away from, which cannot tell.
func (p *Page) clicked() bool {
	hit, err := eval[bool](p, patience, "globalThis.clickHit !== false")
	return err != nil || hit
}

// Wheel turns the wheel over an element.
func (p *Page) Wheel(selector string, pixels float64) {
	p.t.Helper()
	at := Eval[struct{ X, Y float64 }](p,
		`(({x, y, width, height}) => ({x: x + width / 2, y: y + height / 2}))(document.querySelector("`+selector+`").getBoundingClientRect())`)
	p.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseWheel, at.X, at.Y,
		func(e *input.DispatchMouseEventParams) {
			e.DeltaX, e.DeltaY = 1e-3, pixels // required, and a zero would be left out
		}))
}

// Choose chooses an option of a select as a person does who knows its value.
func (p *Page) Choose(selector, value string) {
	p.t.Helper()
	p.touch(chromedp.Focus(selector), chromedp.SetValue(selector, value))
	p.Run(`document.activeElement.dispatchEvent(new Event("change", {bubbles: true}))`)
}

// Fill replaces what is in a field by what is typed, and leaves it with Enter.
func (p *Page) Fill(selector, text string) {
	p.t.Helper()
	p.touch(chromedp.Focus(selector))
	p.Run("document.activeElement.select()")
	p.Press(text, kb.Enter)
}

// Upload chooses a file in a field for files.
func (p *Page) Upload(selector, file string) {
	p.t.Helper()
	p.touch(chromedp.SetUploadFiles(selector, []string{file}))
}

// Press types keys: text, or the names of package kb.
func (p *Page) Press(keys ...string) {
	p.t.Helper()
	for _, k := range keys {
		p.do(chromedp.KeyEvent(k))
	}
}

// PressShift types keys with the shift key held.
func (p *Page) PressShift(keys string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(chromedp.ModifierShift)))
}

// Picture returns a screenshot as PNG, of the whole page or of the part in view.
func (p *Page) Picture(whole bool) []byte {
	p.t.Helper()
	return Call(p, page.CaptureScreenshot,
		page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng,
			CaptureBeyondViewport: &whole}).Data
}

// Print returns the page as a PDF file on A4.
func (p *Page) Print() []byte {
	p.t.Helper()
	yes := true
	return Call(p, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69,
		PreferCSSPageSize: &yes, PrintBackground: &yes}).Data
}

// Permit grants the page a permission, by its name in the Permissions API.
func (p *Page) Permit(name string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	own := Call(p, target.GetTargetInfo, target.GetTargetInfoParams{}).TargetInfo
	_, err := chromedp.CallBrowser(ctx, browser.SetPermission, browser.SetPermissionParams{
		Permission: &browser.PermissionDescriptor{Name: name},
		Setting:    browser.PermissionSettingGranted, BrowserContextID: own.BrowserContextID,
	})
	if err != nil {
		p.t.Fatal(err)
	}
}
